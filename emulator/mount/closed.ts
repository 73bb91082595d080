import { sameContent, type Signature } from './tree.js';

/** What decides which files a mount sends next. */
export interface Closing {
  /** What lies in the folder now. */
  files: ReadonlyMap<string, Signature>;
  /** What is already in Blob storage, as it was here when it got there. */
  sent: ReadonlyMap<string, Signature>;
  /** Files that some process has open for writing. */
  open: ReadonlySet<string>;
  /** Order in which changes were noticed, where the system's clock is too coarse to tell; undefined when it was not. */
  noticed: (name: string) => number | undefined;
  /** The time, in milliseconds; Infinity when no process is left that could have a file open. */
  now: number;
}

// A file that is opened to be overwritten is emptied a moment before its opener shows up as having it open, and on a busy
// machine that moment may last. Only an empty file can be in it, for to write takes an open file.
const EMPTY_QUIET_MS = 1000;

/**
 * Files that changed and are closed, in the order of closing: by the time of the last change, then by the order in which
 * changes were noticed, then by inode, which grows as files are made.
 *
 * `waits` says that the list ends before an empty file that may yet prove to be open: what was closed after it must not
 * overtake it.
 */
export function closedFiles({ files, sent, open, noticed, now }: Closing): { closed: string[]; waits: boolean } {
  const closed = [...files].filter(([name, signature]) => !open.has(name) && !sameContent(signature, sent.get(name)));
  closed.sort(
    ([leftName, left], [rightName, right]) =>
      compare(left.changed, right.changed) ||
      compare(BigInt(noticed(leftName) ?? 0), BigInt(noticed(rightName) ?? 0)) ||
      compare(left.inode, right.inode),
  );
  const doubtful = closed.findIndex(
    ([, file]) => file.bytes === 0 && now - milliseconds(file.changed) < EMPTY_QUIET_MS,
  );
  const certain = doubtful === -1 ? closed : closed.slice(0, doubtful);
  return { closed: certain.map(([name]) => name), waits: doubtful !== -1 };
}

/** Files that were sent and are no longer there. */
export function deletedFiles({ files, sent }: Pick<Closing, 'files' | 'sent'>): string[] {
  return [...sent.keys()].filter((name) => !files.has(name));
}

function compare(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n);
}
