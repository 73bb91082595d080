import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

import { allProcesses, groupOf, isMarked, startTime } from '../nodes/processes.js';
import { sameContent, type Signature, type Tree } from './tree.js';

/** Tells which files of a folder some process still has open for writing; names relative to the root. */
export interface Writers {
  open(root: string, tree: Tree): Set<string>;
}

const ACCESS_MODE = 0o3;
const QUIET_MS = 1000;

/**
 * Looks into /proc at the processes of a node, its own agent excepted: those that carry the node's mark, and those of the
 * agent's process group, which may have dropped the mark with their environment.
 */
export class ProcWriters implements Writers {
  private readonly known = new Map<number, boolean>();

  constructor(private readonly mark: string) {}

  static available(): boolean {
    return startTime(process.pid) !== null;
  }

  open(root: string): Set<string> {
    const names = new Set<string>();
    for (const pid of this.members()) {
      for (const path of writtenBy(pid)) {
        if (path.startsWith(`${root}/`)) names.add(path.slice(root.length + 1));
      }
    }
    return names;
  }

  // Reading environments costs, so each process is asked until it answers, and then no more. One that has not yet
  // replaced its parent's environment by exec carries its parent's mark all the same.
  private members(): number[] {
    const alive = new Set(allProcesses());
    for (const pid of this.known.keys()) if (!alive.has(pid)) this.known.delete(pid);
    for (const pid of alive) {
      const marked = this.known.has(pid) ? undefined : isMarked(pid, this.mark);
      if (marked === undefined) continue;
      this.known.set(pid, pid !== process.pid && (marked || groupOf(pid) === process.pid));
    }
    return [...this.known].filter(([, ours]) => ours).map(([pid]) => pid);
  }
}

/** Where there is no /proc: a file counts as open until it has not changed for a second. */
export class QuietWriters implements Writers {
  private readonly seen = new Map<string, { signature: Signature; since: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  open(_root: string, tree: Tree): Set<string> {
    for (const [name, signature] of tree.files) {
      const before = this.seen.get(name);
      if (!sameContent(before?.signature, signature)) this.seen.set(name, { signature, since: this.now() });
    }
    for (const name of this.seen.keys()) if (!tree.files.has(name)) this.seen.delete(name);
    return new Set([...this.seen].filter(([, { since }]) => this.now() - since < QUIET_MS).map(([name]) => name));
  }
}

function writtenBy(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((fd) => {
      const path = target(join(folder, fd));
      return path?.startsWith('/') === true && !path.startsWith('/dev/') && isForWriting(pid, fd) ? [path] : [];
    });
  } catch {
    return [];
  }
}

function target(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

function isForWriting(pid: number, fd: string): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1'))?.[1] ?? '0';
    return (Number.parseInt(flags, 8) & ACCESS_MODE) !== 0;
  } catch {
    return false;
  }
}
