import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inHome, inRoot, root } from '../places.mjs';
import { fromJunit } from './junit.mjs';
import { endAll, watchProcesses } from './leaks.mjs';

const areaLimit = 20 * 60_000;
/** How long after its last test an area's process may take to end, before an open handle is to blame. */
const endLimit = 10_000;

/**
 * Runs one area in a session of its own, and fails it for whatever it leaves behind.
 * @param {ReturnType<typeof import('./areas.mjs').findAreas>[number]} area
 * @returns {Promise<{ name: string, seconds: number, passed: number, failed: string[], skipped: { title: string, reason: string }[] }>}
 */
export async function runArea(area) {
  console.log(`\n=== ${area.name} (${area.runner}) ===`);
  const start = performance.now();
  const marker = `${area.name}-${randomBytes(4).toString('hex')}`;
  const results = resultsFile(area);
  const child = startArea(area, results, marker);
  const processes = watchProcesses(child.pid, marker);
  const interrupted = onInterrupt(() => endAll(processes.living()));
  const { end, problems } = await ending(child, results, processes);
  interrupted.off();
  const left = await processes.leftBehind();
  endAll(left);
  for (const leak of left) problems.push(`left a process behind: ${leak.text}`);
  const outcome = read(results, area.runner);
  if (outcome === undefined) problems.push(`ended without results (${end})`);
  else if (end !== 'exit 0' && outcome.failed.length === 0 && problems.length === 0 && !isEmpty(outcome))
    problems.push(`ended with ${end} though no test failed`);
  return finish(area, outcome ?? { passed: 0, failed: [], skipped: [] }, problems, (performance.now() - start) / 1000);
}

function resultsFile(area) {
  mkdirSync(inHome('log'), { recursive: true });
  const file = inHome('log', `test-${area.name}.${area.runner === 'mocha' ? 'json' : 'xml'}`);
  rmSync(file, { force: true });
  return file;
}

function startArea(area, results, marker) {
  const pythonPath = [inRoot('training'), process.env.PYTHONPATH].filter(Boolean).join(':');
  const env = {
    ...process.env,
    BERTHA_TEST_AREA: marker,
    PYTHONPATH: pythonPath,
    PYTHONPYCACHEPREFIX: inHome('pycache'),
  };
  return spawn(area.program, area.args(results), {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Waits for the area's process to end; ends it when it hangs, during its tests or after them. */
async function ending(child, results, processes) {
  const problems = [];
  let end;
  child.once('error', (error) => (end = error.message));
  child.once('exit', (code, signal) => (end = code === null ? `signal ${signal}` : `exit ${code}`));
  const start = performance.now();
  let testsEnded;
  while (end === undefined) {
    await sleep(100);
    const now = performance.now();
    if (testsEnded === undefined && existsSync(results)) testsEnded = now;
    const hangsAfter = testsEnded !== undefined && now - testsEnded > endLimit;
    const hangs = now - start > areaLimit;
    if (end !== undefined || !(hangsAfter || hangs) || problems.length > 0) continue;
    const open = processes.portsOf(child.pid);
    problems.push(
      hangsAfter
        ? `its process did not end after the last test: something is still open${open ? ` (listening on ${open})` : ''}`
        : `did not end within ${areaLimit / 60_000} minutes`,
    );
    endAll(processes.living());
  }
  return { end, problems };
}

function read(results, runner) {
  if (!existsSync(results)) return undefined;
  const text = readFileSync(results, 'utf8');
  return runner === 'mocha' ? JSON.parse(text) : fromJunit(text);
}

const isEmpty = ({ passed, failed, skipped }) => passed + failed.length + skipped.length === 0;

function finish({ name, runner }, outcome, problems, seconds) {
  for (const problem of problems) console.log(`${name}: ${problem}`);
  const failed = [...outcome.failed, ...problems.map((problem) => `${name}: ${problem}`)];
  return { name, runner, seconds, passed: outcome.passed, failed, skipped: outcome.skipped };
}

/** The areas have sessions of their own, so that Ctrl-C reaches this process only. */
function onInterrupt(stop) {
  const listener = (signal) => {
    stop();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', listener).once('SIGTERM', listener);
  return { off: () => process.off('SIGINT', listener).off('SIGTERM', listener) };
}
