const WIDTH = 120;

/** JSON over several lines, short lists on one: laid out as the formatter of this repository does it. */
export function jsonLayout(value: unknown, before = '', indent = ''): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    const isShort = value.every((item) => typeof item !== 'object') && before.length + line.length < WIDTH;
    return isShort ? line : `[\n${value.map((item) => inner + jsonLayout(item, inner, inner)).join(',\n')}\n${indent}]`;
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const lines = Object.entries(value).map(([name, item]) => {
    const key = `${inner}${JSON.stringify(name)}: `;
    return key + jsonLayout(item, key, inner);
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
}

/** Markdown table with columns of even width. The first row is the heading. */
export function tableLayout(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const [heading = '', ...body] = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [heading, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
