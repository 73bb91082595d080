import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOf } from '../process.mjs';
import { portsOf } from './ports.mjs';
import { listProcesses } from './processes.mjs';

const grace = 3000;

/**
 * Follows all that an area starts, in three ways, since each alone misses some: the environment's marker (lost when a
 * child gets an environment of its own), the session (left by a detached child), and descent (broken when the parent
 * dies, hence looked at while the area runs).
 * @param {number} leader the area's process, leader of its own session
 * @param {string} marker value of BERTHA_TEST_AREA
 */
export function watchProcesses(leader, marker) {
  /** Start time by process id, of every descendant ever seen. */
  const seen = new Map([[leader, startOf(leader)]]);
  const look = () => lookForDescendants(seen);
  const timer = setInterval(look, 500);
  const living = () => {
    look();
    return listProcesses().filter(
      ({ pid, session, start }) => session === leader || seen.get(pid) === start || hasMarker(pid, marker),
    );
  };
  return {
    living,
    portsOf,
    /** What still lives a moment after the area's own process ended, described. */
    leftBehind: async () => {
      clearInterval(timer);
      const deadline = performance.now() + grace;
      let left = living();
      while (left.length > 0 && performance.now() < deadline) {
        await sleep(100);
        left = living();
      }
      return left.map((process) => ({ ...process, text: describe(process) }));
    },
  };
}

/** Kills the processes, unless their id has passed to another since. */
export function endAll(processes) {
  for (const { pid, start } of processes) {
    if (startOf(pid) !== start) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

function lookForDescendants(seen) {
  const all = listProcesses();
  for (let grew = true; grew;) {
    grew = false;
    for (const { pid, parent, start } of all) {
      if (seen.has(pid) || !seen.has(parent)) continue;
      seen.set(pid, start);
      grew = true;
    }
  }
}

function hasMarker(pid, marker) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`BERTHA_TEST_AREA=${marker}`);
  } catch {
    return false;
  }
}

function describe({ pid, command }) {
  const ports = portsOf(pid);
  return `${pid} (${command.slice(0, 160)})${ports ? `, listening on ${ports}` : ''}`;
}
