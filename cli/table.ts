import { wrap } from './words.js';

/**
 * Rows as aligned columns, two spaces apart, without trailing blanks.
 * @param rows cells, the header first
 * @param right indices of columns that are aligned to the right (numbers)
 */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths = columnWidths(rows);
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** Like `table`, with the last column wrapped so that no line is wider than `width`. */
export function wrapped(rows: readonly (readonly string[])[], width: number): string[] {
  const before = columnWidths(rows.map((row) => row.slice(0, -1))).reduce((sum, column) => sum + column + 2, 0);
  const room = Math.max(20, width - before);
  const split = rows.flatMap((row) =>
    wrap(row.at(-1) ?? '', room).map((line, index) => [
      ...row.slice(0, -1).map((cell) => (index === 0 ? cell : '')),
      line,
    ]),
  );
  return table(split);
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
}
