/** Writes a line of what the emulator does; stdout stays free for the one ready line. */
export type Log = (line: string) => void;

/** A log on stderr with the time of day in front. */
export function stderrLog(): Log {
  return (line) => void process.stderr.write(`${new Date().toISOString().slice(11, 23)} ${line}\n`);
}

/** A log that says nothing, for tests. */
export const silent: Log = () => undefined;
