/** The outside of the CLI: where it prints, and what kind of place that is. Tests hand in their own. */
export interface Io {
  /** Writes to standard output: what was asked for. */
  readonly out: (text: string) => void;
  /** Writes to standard error: failures, warnings, notes. */
  readonly err: (text: string) => void;
  /** Columns that text may take. */
  readonly columns: () => number;
  readonly rows: () => number;
  /** True where standard output is a terminal whose lines can be painted over. */
  readonly interactive: boolean;
  readonly color: boolean;
  readonly unicode: boolean;
}

const WIDTH_WITHOUT_TERMINAL = 100;

/** Standard output and error of this process. Colours follow NO_COLOR (https://no-color.org). */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  const interactive = stdout.isTTY === true && env['TERM'] !== 'dumb';
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    columns: () => (interactive ? stdout.columns || 80 : WIDTH_WITHOUT_TERMINAL),
    rows: () => stdout.rows || 24,
    interactive,
    color: interactive && (env['NO_COLOR'] ?? '') === '',
    unicode: /utf-?8/i.test(locale),
  };
}

/** `bertha ls | head` closes the pipe early: that ends the command, quietly. */
export function endQuietlyOnClosedPipe(): void {
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
