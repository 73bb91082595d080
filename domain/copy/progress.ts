/** How far a copy was at a moment. */
export interface Mark {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Bytes at the destination, those of attempts before included. */
  readonly bytes: number;
}

export interface CopyFigure {
  readonly bytes: number;
  readonly totalBytes: number;
  /** Over the last minute; null before there are two moments to compare. */
  readonly bytesPerSecond: number | null;
  /** Seconds to the end at that speed; null where nothing moves. */
  readonly etaSeconds: number | null;
}

const WINDOW_MS = 60_000;

/** Adds a mark, and drops those that the speed no longer goes by. The oldest one kept is at least a window old, or the first of all. */
export function marked(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const begin = marks.findLastIndex(({ at }) => at <= mark.at - WINDOW_MS);
  return [...marks.slice(Math.max(0, begin)), mark];
}

/** Bytes, speed and time left, for a person. @param marks the first one is where this attempt began: what was there then is no speed */
export function figureOf(marks: readonly Mark[], totalBytes: number): CopyFigure {
  const [first, last] = [marks[0], marks.at(-1)];
  const bytes = last?.bytes ?? 0;
  const seconds = first === undefined || last === undefined ? 0 : (last.at - first.at) / 1000;
  if (seconds <= 0) return { bytes, totalBytes, bytesPerSecond: null, etaSeconds: bytes >= totalBytes ? 0 : null };
  const bytesPerSecond = (bytes - (first?.bytes ?? 0)) / seconds;
  const left = Math.max(0, totalBytes - bytes);
  const atThatSpeed = bytesPerSecond > 0 ? Math.ceil(left / bytesPerSecond) : null;
  return { bytes, totalBytes, bytesPerSecond: Math.round(bytesPerSecond), etaSeconds: left === 0 ? 0 : atThatSpeed };
}
