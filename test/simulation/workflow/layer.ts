import { existsSync } from 'node:fs';
import { program } from '../../workflows/server.js';
import { divergence } from '../compare.js';
import type { Layer } from '../layers.js';
import { type Played, threw } from '../pure/play.js';
import type { Schedule } from '../schedule.js';
import { ServerStalled, playWorkflow } from './play.js';
import { SimulationServer } from './server.js';

const SEEDS = 300;
/** One of them waits for its server while the other one computes. */
const AT_ONCE = 2;
/** The test server loses count of who holds its clock now and then; hardly ever of the same schedule again. */
const MOST_TRIES = 8;

/** Servers that play nothing at the moment. */
const idle: SimulationServer[] = [];
/** All that were started, those that stalled among them: closed in the end only, for a call that their client repeats on a closed channel ends the process. */
const started: SimulationServer[] = [];
let stalls = 0;

/** The real workflow with its real activities over the simulated workspace, on time-skipping Temporal test servers. */
export const workflow: Layer = {
  name: 'the real workflow',
  count: (seeds) => Math.min(seeds, SEEDS),
  atOnce: AT_ONCE,
  isThere: () => reasonAgainst(),
  play,
  remarks: () =>
    stalls === 0 ? [] : [`the test server stalled ${stalls} times; each schedule was played anew on another one`],
  async close() {
    idle.splice(0);
    await Promise.all(started.splice(0).map((server) => server.close()));
  },
};

/** A schedule that no server plays to its end is broken: it is never passed over. */
async function play(schedule: Schedule): Promise<Played> {
  for (let tries = 1; ; tries++) {
    const server = idle.pop() ?? (await start());
    try {
      const played = await playWorkflow(server, schedule);
      idle.push(server);
      return withDivergence(schedule, played);
    } catch (error) {
      if (!(error instanceof ServerStalled)) throw error;
      stalls++;
      if (tries === MOST_TRIES) return threw(schedule, error);
    }
  }
}

async function start(): Promise<SimulationServer> {
  const server = await SimulationServer.start();
  started.push(server);
  return server;
}

function withDivergence(schedule: Schedule, played: Played): Played {
  const { breaches, checks } = played;
  const why = divergence(schedule, played);
  const found = why === null ? [] : [{ invariant: 'layers agree' as const, at: 0, what: why }];
  return { ...played, breaches: [...breaches, ...found], checks: new Map(checks).set('layers agree', 1) };
}

function reasonAgainst(): string | null {
  try {
    const path = program('time-skipping');
    return existsSync(path) ? null : `there is no Temporal test server at ${path}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
