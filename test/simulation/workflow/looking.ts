import { Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { detailsOf } from '../../../activities/deps.js';
import type { VerifierRequest } from '../../../activities/verifier.js';
import type { WatchDetails } from '../../../domain/status.js';
import { nextPollSeconds } from '../../../domain/watch/cadence.js';
import type { ListedCheckpoint } from '../../../domain/resume/listing.js';
import { again, ownDelay } from './again.js';
import { type Simulated, keyOf } from './simulated.js';

/** Activities that look again and again, by a failure that names the next time. */
export const LOOKS: readonly string[] = ['watchJob', 'endJob', 'nodesGone'];

type Outcome = { readonly result: unknown } | { readonly error: unknown };

interface Due {
  /** World's milliseconds at which it came out. */
  readonly at: number;
  readonly outcome: Outcome;
}

const due = new WeakMap<Simulated, Map<string, Due>>();

/**
 * Look after look in one try of the activity, as far as nothing else can come between them: until one has something to tell, or until the
 * next fault strikes who runs the workflow. What comes out is told when the server's clock has come there. The looks are those of the real
 * activity; what is left out is the server's part in repeating those that have nothing to tell.
 */
export async function lookAhead(sim: Simulated, body: () => Promise<unknown>): Promise<unknown> {
  const context = Context.current();
  const key = keyOf(context);
  const known = due.get(sim)?.get(key);
  if (known !== undefined) {
    due.get(sim)?.delete(key);
    return settle(known.outcome);
  }
  const from = sim.world.now;
  const isFirst = context.info.attempt === 1;
  for (let looks = 1; ; looks++) {
    const outcome = await lookOnce(sim, key, body);
    const delay = 'error' in outcome ? ownDelay(outcome.error) : null;
    if (delay === null) {
      if (sim.world.now === from) return settle(outcome);
      keep(sim, key, { at: sim.world.now, outcome });
      throw again('Told', sim.world.now - from);
    }
    const next = Math.max(sim.world.now + delay, nextSight(sim, key), sim.troubles.downUntil);
    const horizon = Math.min(sim.troubles.nextAt(sim.world.now), personAt(sim));
    if (sim.troubles.mail.length > 0) throw again('Mail', 1);
    // The first look lets everything else that the workflow has begun come to its end before.
    if (isFirst || next >= horizon || looks >= LOOKS_AT_ONCE) throw again('Looks', Math.min(next, horizon) - from);
    sim.world.advance(next);
  }
}

/** Between two looks the heartbeat alone is glanced at; while nothing happens in the world the next glance would find what this one did. */
function nextSight(sim: Simulated, key: string): number {
  const { memory } = (sim.details.get(key) ?? {}) as Partial<WatchDetails>;
  if (memory?.jobSeenAt === null || memory?.jobSeenAt === undefined || sim.begin === null) return 0;
  const { now, schedule, jobs } = sim.world;
  const look = memory.jobSeenAt - sim.begin + nextPollSeconds(memory, sim.config.watch.pollSeconds) * 1000;
  const fault = schedule.faults.find(({ at }) => at * 1000 > now)?.at ?? Infinity;
  return Math.min(look, fault * 1000, ...jobs.filter(({ isOver }) => !isOver).map((job) => job.nextAt()));
}

/** Each look leaves a listener at the signal of its try. */
const LOOKS_AT_ONCE = 100;

/** When the person in charge comes, where nobody else did; Infinity where none is needed. */
export const personAt = ({ waitingSince, troubles }: Simulated) =>
  waitingSince === null ? Infinity : Math.max(waitingSince, troubles.lastAt) + PERSON_MS;

const PERSON_MS = 7_200_000;

async function lookOnce(sim: Simulated, key: string, body: () => Promise<unknown>): Promise<Outcome> {
  const context = Context.current();
  Object.assign(context.info, { heartbeatDetails: sim.details.get(key) });
  await hashNew(sim);
  try {
    return { result: await body() };
  } catch (error) {
    return { error };
  } finally {
    sim.details.set(key, detailsOf(context));
  }
}

function settle(outcome: Outcome): unknown {
  if ('error' in outcome) throw outcome.error;
  return outcome.result;
}

function keep(sim: Simulated, key: string, what: Due): void {
  const kept = due.get(sim) ?? new Map<string, Due>();
  due.set(sim, kept.set(key, what));
}

const hashed = new WeakMap<Simulated, readonly ListedCheckpoint[]>();

/** The data worker beside hashes what has appeared since the last look. */
async function hashNew(sim: Simulated): Promise<void> {
  const { storage, now } = sim.world;
  if (storage.downUntil > now || hashed.get(sim) === storage.listing()) return;
  const { name, azure, storage: target } = sim.config;
  const request: VerifierRequest = { place: { run: name, azure, storage: target }, phases: ['p1'], pollSeconds: 30 };
  const verify = sim.activities['hashCheckpoints'] as unknown as (request: VerifierRequest) => Promise<never>;
  // It ends by asking to be called again.
  await new MockActivityEnvironment().run(verify, request).catch(() => undefined);
  hashed.set(sim, storage.listing());
}
