import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { CONTROL_TASK_QUEUE } from '../../../domain/task-queues.js';
import type { runWorkflow } from '../../../workflows/index.js';
import type { Decision } from '../../../domain/recovery.js';
import type { Played } from '../pure/play.js';
import { configOf, giveUpAt } from '../pure/stage.js';
import type { Outcome } from '../pure/supervisor.js';
import type { Schedule } from '../schedule.js';
import { traceOf } from '../trace.js';
import { clockId } from './dispatch.js';
import type { SimulationServer } from './server.js';
import { Simulated } from './simulated.js';

/** The server does not go on by itself any more: a limit of the test server, not of what is tested. */
export class ServerStalled extends Error {}

/** Between two calls lie milliseconds, on a loaded machine seconds; a server that skips no time any more calls what is due in real time. */
const STALLED_MS = 20_000;
const LEAST_CALLS = 20;

let serial = 0;

/** Plays a schedule through the real workflow, all of it, on a test server whose clock is the world's. @throws ServerStalled */
export async function playWorkflow(server: SimulationServer, schedule: Schedule): Promise<Played & { sim: Simulated }> {
  const name = `seed-${schedule.seed}-${++serial}`;
  const sim = new Simulated({ ...configOf(schedule), name }, schedule, giveUpAt(schedule));
  server.sims.set(name, sim);
  const giveUp = new AbortController();
  // Each of its questions listens.
  setMaxListeners(0, giveUp.signal);
  try {
    const { connection } = server.env;
    // A server may stall before the first call as well.
    const toEnd = connection.withAbortSignal(giveUp.signal, async () => {
      await begin(server, sim);
      return toItsEnd(server, sim);
    });
    toEnd.catch(() => undefined);
    const ended = await Promise.race([toEnd, stalled(sim)]);
    sim.invariants.over(ended.outcome);
    return { ...played(sim, schedule, ended), sim };
  } finally {
    // A question that is left open would outlive the server and end the process.
    giveUp.abort();
    sim.over = true;
    server.sims.delete(name);
  }
}

interface Ended {
  /** Null where it was not over in time. */
  readonly outcome: Outcome | null;
  readonly because: string | null;
}

async function begin({ env }: SimulationServer, sim: Simulated): Promise<void> {
  const { client } = env;
  const { name } = sim.config;
  const start = (continueRun: boolean) =>
    client.workflow.start<typeof runWorkflow>('runWorkflow', {
      workflowId: name,
      taskQueue: CONTROL_TASK_QUEUE,
      args: [{ config: sim.config, continueRun }],
    });
  sim.takeUp = async () => {
    await client.workflow.getHandle(name).terminate('Temporal was lost');
    await start(true);
  };
  sim.giveUp = async () => {
    sim.over = true;
    await client.workflow.getHandle(name).terminate('not over in time');
  };
  await start(false);
  await client.workflow.start('clockWorkflow', {
    workflowId: clockId(name),
    taskQueue: CONTROL_TASK_QUEUE,
    args: [name],
  });
}

/** Until a workflow of the run ends by itself. */
async function toItsEnd({ env }: SimulationServer, sim: Simulated): Promise<Ended> {
  for (;;) {
    try {
      await env.client.workflow.getHandle<typeof runWorkflow>(sim.config.name).result();
      return { outcome: { outcome: 'completed', failure: null }, because: null };
    } catch (error) {
      const cause = error instanceof WorkflowFailedError ? error.cause : error;
      if (cause instanceof TerminatedFailure) {
        if (sim.over) return { outcome: null, because: null };
        continue;
      }
      if (cause instanceof CancelledFailure) return { outcome: { outcome: 'canceled', failure: null }, because: null };
      if (!(cause instanceof ApplicationFailure)) throw error;
      return { outcome: { outcome: 'failed', failure: failureOf(sim) }, because: cause.message };
    }
  }
}

function failureOf(sim: Simulated): Extract<Decision, { action: 'fail' }> | null {
  const decision = sim.observer.lastDecision();
  return decision?.action === 'fail' ? decision : null;
}

/** Rejects when hardly an activity has been called for so long. */
async function stalled(sim: Simulated): Promise<never> {
  for (let before = -LEAST_CALLS; sim.calls - before >= LEAST_CALLS;) {
    before = sim.calls;
    await sleep(STALLED_MS, undefined, { ref: false });
  }
  const between = [...sim.between.values()].join(', ');
  throw new ServerStalled(
    `fewer than ${LEAST_CALLS} activities were called in ${STALLED_MS / 1000} s (between two tries: ${between || 'none'})`,
  );
}

function played({ world, invariants }: Simulated, { seed }: Schedule, { outcome, because }: Ended): Played {
  const { checks } = invariants;
  return {
    ...{ seed, outcome: outcome?.outcome ?? 'not over', because, attempts: world.jobs.length },
    endings: world.storage.records().map(({ ending }) => ending),
    virtualHours: world.now / 3_600_000,
    struck: world.struck,
    // Its clock is the server's: how long our share of a recovery takes is measured elsewhere.
    ...{ breaches: checks.breaches, checks: checks.counts, delays: [], noticeDelays: [] },
    trace: traceOf(outcome, world.storage.records()),
  };
}
