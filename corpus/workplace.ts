import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const prefix = '.partial-';
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Runs `work` in a new temporary folder inside `dir`, on the same file system so that results can be renamed in place, and
 * removes it afterwards. Folders that killed processes left behind are removed first; those of living ones stay.
 */
export async function inWorkplace<T>(dir: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(dir, { recursive: true });
  await removeAbandoned(dir);
  const folder = await mkdtemp(join(dir, `${prefix}${hostname()}-${process.pid}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeAbandoned(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(dir, name);
    const [, host, pid] = /^\.partial-(.*)-(\d+)-\w{6}$/.exec(name) ?? [];
    const ownerIsGone = host === hostname() && !isAlive(Number(pid));
    // On another machine, or under a process id that was given anew, only age tells.
    const age = Date.now() - ((await stat(folder).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (ownerIsGone || age > dayMs) await rm(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
