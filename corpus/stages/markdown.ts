/** A Markdown table; numbers stand on the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** `1,234,567` */
export const grouped = (count: number): string => count.toLocaleString('en');

/** `12.34 %` */
export const percent = (part: number, all: number): string => `${((100 * part) / Math.max(1e-12, all)).toFixed(2)} %`;

/** A title of somebody's page as text: it makes no markup of the report. */
export const plainText = (text: string): string => text.replace(/[\\`*_{}[\]<>()#|]/g, '\\$&').replace(/\s+/g, ' ');
