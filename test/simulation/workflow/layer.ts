import { existsSync } from 'node:fs';
import { program } from '../../workflows/server.js';
import { divergence } from '../compare.js';
import type { Layer } from '../layers.js';
import type { Played } from '../pure/play.js';
import type { Schedule } from '../schedule.js';
import { ServerStalled, playWorkflow } from './play.js';
import { SimulationServer } from './server.js';

const SEEDS = 300;

/** Schedules that the test server could not play, with its reason: named in the end, never passed over in silence. */
const unplayed: string[] = [];
let server: SimulationServer | null = null;
/** Seeds whose `operator cancel` was left out: the test server lets the workflow tasks behind it time out, most times. */
const uncanceled: number[] = [];

/** The real workflow with its real activities over the simulated workspace, on a time-skipping Temporal test server. */
export const workflow: Layer = {
  name: 'the real workflow',
  count: (seeds) => Math.min(seeds, SEEDS),
  isThere: () => reasonAgainst(),
  play,
  async close() {
    await server?.close();
    server = null;
    if (uncanceled.length > 0)
      console.log(`LEFT OUT: operator cancel in ${uncanceled.length} schedules (seeds ${uncanceled.join(', ')})`);
    if (unplayed.length > 0)
      console.log(`NOT PLAYED, the test server stalled: ${unplayed.length} schedules: ${unplayed.join('; ')}`);
  },
};

async function play(whole: Schedule): Promise<Played> {
  const schedule = playable(whole);
  if (schedule.faults.length < whole.faults.length) uncanceled.push(whole.seed);
  for (let tries = 1; ; tries++) {
    server ??= await SimulationServer.start();
    try {
      const played = await playWorkflow(server, schedule);
      return withDivergence(schedule, played);
    } catch (error) {
      if (!(error instanceof ServerStalled)) throw error;
      void server.close().catch(() => undefined);
      server = null;
      if (tries < 2) continue;
      unplayed.push(`seed ${schedule.seed} (${error.message})`);
      return notPlayed(schedule);
    }
  }
}

/** Both layers play what is left, so that they can be compared. */
function playable(schedule: Schedule): Schedule {
  return {
    ...schedule,
    faults: schedule.faults.filter((fault) => !(fault.kind === 'operator' && fault.act === 'cancel')),
  };
}

function withDivergence(schedule: Schedule, played: Played): Played {
  const { breaches, checks } = played;
  const why = divergence(schedule, played);
  const found = why === null ? [] : [{ invariant: 'layers agree' as const, at: 0, what: why }];
  return { ...played, breaches: [...breaches, ...found], checks: new Map(checks).set('layers agree', 1) };
}

const notPlayed = ({ seed }: Schedule): Played => ({
  ...{ seed, outcome: 'not over', because: null, attempts: 0, endings: [], virtualHours: 0, struck: new Map() },
  ...{ breaches: [], checks: new Map(), delays: [], noticeDelays: [], trace: [] },
});

function reasonAgainst(): string | null {
  try {
    const path = program('time-skipping');
    return existsSync(path) ? null : `there is no Temporal test server at ${path}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
