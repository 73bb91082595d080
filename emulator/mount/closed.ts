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
  noticed(name: string): number | undefined;
}

/**
 * Files that changed and are closed, in the order of closing: by the time of the last change, then by the order in which
 * changes were noticed, then by inode, which grows as files are made.
 */
export function closedFiles({ files, sent, open, noticed }: Closing): string[] {
  const closed = [...files].filter(([name, signature]) => !open.has(name) && !sameContent(signature, sent.get(name)));
  return closed
    .sort(
      ([leftName, left], [rightName, right]) =>
        compare(left.changed, right.changed) ||
        compare(BigInt(noticed(leftName) ?? 0), BigInt(noticed(rightName) ?? 0)) ||
        compare(left.inode, right.inode),
    )
    .map(([name]) => name);
}

/** Files that were sent and are no longer there. */
export function deletedFiles({ files, sent }: Pick<Closing, 'files' | 'sent'>): string[] {
  return [...sent.keys()].filter((name) => !files.has(name));
}

function compare(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
