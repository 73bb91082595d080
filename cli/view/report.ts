import { styleText } from 'node:util';
import { reportText } from '../../domain/report-text.js';
import type { RunReport } from '../../domain/report.js';
import { wrap } from '../words.js';

/** The report for a terminal: the same words as report.md, with tables as aligned columns. */
export function reportLines(report: RunReport, look: { readonly color: boolean }): string[] {
  const bold = (text: string) => (look.color ? styleText('bold', text, { validateStream: false }) : text);
  const lines: string[] = [];
  let rows: string[][] = [];
  for (const line of [...reportText(report).split('\n'), '']) {
    if (line.startsWith('|')) {
      rows.push(cellsOf(line));
      continue;
    }
    if (rows.length > 0) lines.push(...tableLines(rows));
    rows = [];
    const heading = /^#+ (.*)$/.exec(line)?.[1];
    lines.push(heading === undefined ? line : bold(heading));
  }
  return lines.join('\n').trimEnd().split('\n');
}

const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

function tableLines(rows: readonly string[][]): string[] {
  const [header = [], , ...body] = rows;
  const widths = header.map((title, column) =>
    Math.max(...title.split(' ').map((word) => word.length), ...body.map((row) => row[column]?.length ?? 0)),
  );
  const titles = header.map((title, column) => wrap(title, widths[column] ?? 0));
  const height = Math.max(...titles.map((title) => title.length));
  const head = Array.from({ length: height }, (_, row) =>
    titles.map((title) => title[row - height + title.length] ?? ''),
  );
  const hasTitles = header.slice(1).some((title) => title !== '');
  return [...(hasTitles ? head : []), ...body].map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
