/** A cell: text stands left, numbers stand right with three digits that count. */
export type Cell = string | number | null;

/**
 * A table for a terminal: columns lined up, a line under the heads.
 *
 * @param heads one a column
 * @param rows as many cells as heads; null and missing ones are shown as `-`
 */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = rows.map((row) => heads.map((_, column) => shown(row[column] ?? null)));
  const widths = heads.map((head, column) => Math.max(head.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const isNumeric = heads.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        isNumeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...lines.map(line)].join('\n');
}

/** A number with three digits that count, thousands apart; whole numbers stay whole. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function shown(cell: Cell): string {
  if (cell === null) return '-';
  return typeof cell === 'number' ? figure(cell) : cell;
}
