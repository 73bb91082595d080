import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inHome, inRoot } from '../places.mjs';
import { fromJunit } from './junit.mjs';
import { underWarden } from './warden.mjs';

const areaLimit = 20 * 60_000;
/** How long after its last test an area's process may take to end, before an open handle is to blame. */
const endLimit = 10_000;

/**
 * Runs one area and fails it, by name, for whatever it leaves behind: a process, a port, a handle that keeps it alive.
 * @param {ReturnType<typeof import('./areas.mjs').findAreas>[number]} area
 * @param {boolean} isAlone whether its output is shown while it runs; else when it has ended, for another area runs beside it
 * @returns {Promise<{ name: string, runner: string, seconds: number, computed: number | null, passed: number, failed: string[], skipped: { title: string, reason: string }[] }>}
 */
export async function runArea({ name, runner, program, args }, isAlone = true) {
  const title = `\n=== ${name} (${runner}) ===`;
  if (isAlone) console.log(title);
  const start = performance.now();
  const results = resultsFile(name, runner);
  const log = inHome('log', `test-${name}-${runner}.log`);
  const output = isAlone ? 'inherit' : openSync(log, 'w');
  const warden = underWarden(program, args(results), environment(name), output);
  const problems = [];
  const { end, left, computed } = await ending(warden, results, problems);
  await warden.close();
  if (output !== 'inherit') {
    closeSync(output);
    process.stdout.write(`${title}\n${readFileSync(log, 'utf8')}`);
  }
  problems.push(...left.map((process) => `left a process behind: ${process}`));
  const outcome = read(results, runner);
  problems.push(...contradictions(outcome, end, problems));
  for (const problem of problems) console.log(`${name}: ${problem}`);
  return {
    name,
    runner,
    seconds: (performance.now() - start) / 1000,
    computed,
    passed: outcome?.passed ?? 0,
    failed: [...(outcome?.failed ?? []), ...problems.map((problem) => `${name}: ${problem}`)],
    skipped: outcome?.skipped ?? [],
  };
}

function resultsFile(name, runner) {
  mkdirSync(inHome('log'), { recursive: true });
  const file = inHome('log', `test-${name}.${runner === 'mocha' ? 'json' : 'xml'}`);
  rmSync(file, { force: true });
  return file;
}

function environment(name) {
  const pythonPath = [inRoot('training'), process.env.PYTHONPATH].filter(Boolean).join(':');
  return { ...process.env, BERTHA_TEST_AREA: name, PYTHONPATH: pythonPath, PYTHONPYCACHEPREFIX: inHome('pycache') };
}

/** Waits for the area's process to end, and ends it when it hangs during its tests or after them. */
async function ending(warden, results, problems) {
  let ended;
  void warden.ended.then((value) => (ended = value));
  const start = performance.now();
  let testsEnded;
  while (ended === undefined) {
    await sleep(50);
    const now = performance.now();
    if (testsEnded === undefined && existsSync(results)) testsEnded = now;
    const hangsAfterTests = testsEnded !== undefined && now - testsEnded > endLimit;
    const hangs = now - start > areaLimit;
    if (ended !== undefined || !(hangsAfterTests || hangs)) continue;
    problems.push(hangsAfterTests ? stillOpen(warden.ports()) : `did not end within ${areaLimit / 60_000} minutes`);
    return { end: 'killed', left: [], computed: null };
  }
  return ended;
}

function stillOpen(ports) {
  const what = ports ? `listens on ${ports}` : 'holds a handle open';
  return `its process still ${what} ${endLimit / 1000} s after the last test`;
}

function read(results, runner) {
  if (!existsSync(results)) return undefined;
  const text = readFileSync(results, 'utf8');
  return runner === 'mocha' ? JSON.parse(text) : fromJunit(text);
}

/** An exit code that the results do not explain is a failure of its own. */
function contradictions(outcome, end, problems) {
  if (outcome === undefined) return problems.length > 0 ? [] : [`ended without results (${end})`];
  const isExplained = end === 'exit 0' || outcome.failed.length > 0 || problems.length > 0;
  return isExplained ? [] : [`no test failed, yet it ended with ${end}`];
}
