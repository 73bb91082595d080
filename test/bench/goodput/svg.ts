/** An element of a drawing; numbers to a tenth, so that the same figures always give the same bytes. */
export function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escaped(value)}"`,
  );
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`;
}

export function text(
  x: number,
  y: number,
  words: string,
  more: Readonly<Record<string, string | number>> = {},
): string {
  return element('text', { x, y, ...more }, escaped(words));
}

/** A whole file. */
export function drawing(width: number, height: number, title: string, content: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`;
  const ground = element('rect', { width, height, fill: 'white' });
  return [head, element('title', {}, escaped(title)), ground, ...content, '</svg>', ''].join('\n');
}

const round = (value: number) => String(Math.round(value * 10) / 10);

const escaped = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
