/** A log of a job that its own processes wrote. */
export interface UserLog {
  readonly name: string;
  /** Rank of the process; null where the file is not a process' standard output. */
  readonly rank: number | null;
}

/** `user_logs/std_log.txt` of a job with one process, `user_logs/std_log_process_03.txt` of one with many. */
const STANDARD_OUTPUT = /^user_logs\/std_log(?:_process_(\d+))?\.txt$/;

/** The logs of the training processes among all logs of a job, by rank; other user logs after them. */
export function userLogs(names: readonly string[]): UserLog[] {
  return names
    .filter((name) => name.startsWith('user_logs/'))
    .map((name) => {
      const match = STANDARD_OUTPUT.exec(name);
      return { name, rank: match === null ? null : Number(match[1] ?? 0) };
    })
    .sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || (a.name < b.name ? -1 : 1));
}

/** `[rank 0]` */
export const label = ({ name, rank }: UserLog) =>
  rank === null ? `[${name.slice('user_logs/'.length)}]` : `[rank ${rank}]`;

/** Turns growing text into whole lines: what follows the last line break is kept for later. */
export class LineSplitter {
  private rest = '';

  push(text: string): string[] {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    return lines.map(withoutReturn);
  }

  /** The unfinished last line, if there is one. */
  end(): string[] {
    const last = this.rest;
    this.rest = '';
    return last === '' ? [] : [withoutReturn(last)];
  }
}

/** Of a progress bar that returned to the line's begin, what stood there last. */
const withoutReturn = (line: string) => line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
