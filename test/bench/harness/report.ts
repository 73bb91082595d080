import { meets, verdict, type Bar } from './bars.js';
import { table, type Cell } from './table.js';

/** What a bench has to say. */
export interface Report {
  /** What was done, in a sentence. */
  what: string;
  versions: Record<string, string>;
  heads: string[];
  rows: Cell[][];
  /** Remarks on how to read the table. */
  notes: string[];
  /** Bars that an issue or the README set; empty where a bench only reports. */
  bars: Bar[];
  /** The figures in one line, for a log or a commit. */
  line: string;
}

/** Where a report goes; the process's own streams but in tests. */
export interface Outlet {
  out(text: string): void;
  err(text: string): void;
}

const STREAMS: Outlet = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
};

/**
 * Prints a report: a table that ends with the line of figures, or with `json` one document on stdout and the line on stderr.
 *
 * @returns the exit code: 1 where a bar is missed
 */
export function present(report: Report, json: boolean, outlet: Outlet = STREAMS): number {
  const { what, versions, heads, rows, notes, bars, line } = report;
  const isMet = bars.every(meets);
  if (json) {
    const judged = bars.map((bar) => ({ ...bar, met: meets(bar) }));
    outlet.out(
      JSON.stringify(
        { what, versions, rows: rows.map((row) => byHead(heads, row)), notes, bars: judged, line },
        null,
        2,
      ),
    );
    outlet.err(line);
  } else {
    const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    outlet.out([what, used.join(', '), '', table(heads, rows), '', ...notes, ...bars.map(verdict), line].join('\n'));
  }
  return isMet ? 0 : 1;
}

function byHead(heads: readonly string[], row: readonly Cell[]): Record<string, Cell> {
  return Object.fromEntries(heads.map((head, column) => [head === '' ? 'what' : head, row[column] ?? null]));
}
