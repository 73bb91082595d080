import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inHome } from './places.mjs';
import { startOf } from './process.mjs';
import { note } from './say.mjs';

/**
 * Runs `work` while no other process sets this clone up; waits for one that does, and says so. The lock of a process
 * that died is taken over: it holds the process id and start time.
 * @param {() => Promise<void>} work
 * @param {string} lock path of the lock file
 */
export async function locked(work, lock = inHome('setup.lock')) {
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) });
  await take(lock, mine);
  try {
    await work();
  } finally {
    if (holder(lock) === mine) unlinkSync(lock);
  }
}

async function take(lock, mine) {
  let hasSaid = false;
  while (!place(lock, mine)) {
    const theirs = holder(lock);
    if (theirs === undefined) continue;
    if (!isAlive(theirs)) {
      removeStale(lock, theirs);
      continue;
    }
    if (!hasSaid) note(`Another set-up (process ${JSON.parse(theirs).pid}) is at work in this folder: waiting for it.`);
    hasSaid = true;
    await sleep(300);
  }
}

/** Creates the lock with its content in one act, so that nobody ever reads half a lock. */
function place(lock, mine) {
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, mine);
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

function holder(lock) {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(content) {
  try {
    const { pid, start } = JSON.parse(content);
    return start !== undefined && startOf(pid) === start;
  } catch {
    return false;
  }
}

/** Two waiters may see the same dead lock: the one that renames a newer lock by mistake puts it back. */
function removeStale(lock, theirs) {
  const aside = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (readFileSync(aside, 'utf8') !== theirs) linkSync(aside, lock);
    unlinkSync(aside);
  } catch {
    // Another waiter was quicker.
  }
}
