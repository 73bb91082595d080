import { Context, getClient } from '@temporalio/activity';
import type { LadderRequest } from '../../../activities/checkpoints.js';
import type { SubmitRequest } from '../../../activities/jobs.js';
import type { WatchRequest } from '../../../activities/watch.js';
import { saysNothing } from '../../../domain/control.js';
import type { JournalEntry } from '../../../domain/journal.js';
import { again } from './again.js';
import { whileCancelCrosses } from './crossing.js';
import { LOOKS, lookAhead, personAt } from './looking.js';
import { sendFromOutside, sendFromWithin } from './mail.js';
import { type Simulated, keyOf } from './simulated.js';

interface Request {
  readonly place: { readonly run: string };
}

/** Activities of a worker for many runs: the real ones over each run's world, and the faults that strike who calls them. */
export function dispatch(
  sims: ReadonlyMap<string, Simulated>,
  names: readonly string[],
  clock: Clock,
): Record<string, Called> {
  const simOf = ({ place }: Request): Simulated => {
    const sim = sims.get(place.run);
    if (sim === undefined) throw new Error(`no world for run ${place.run}`);
    return sim;
  };
  const activities = names.map(
    (name) => [name, (request: Request) => call(simOf(request), name, request, clock)] as const,
  );
  // The clock of a run that is over may still stand: it is told to end, for repeated tries would make the server skip time for ever.
  const beatOf = async ({ place }: Request) => {
    const sim = sims.get(place.run);
    return sim === undefined ? null : beat(sim, clock);
  };
  return { ...Object.fromEntries(activities), beat: beatOf };
}

type Called = (request: Request) => Promise<unknown>;
/** The server's time, epoch milliseconds; what an activity knows of it is when its try was asked for. */
export type Clock = () => Promise<number>;

async function call(sim: Simulated, name: string, request: Request, clock: Clock): Promise<unknown> {
  const context = Context.current();
  const key = keyOf(context);
  sim.calls++;
  sim.between.delete(key);
  if (name === 'verifyCheckpoints') return body(sim, name, request);
  if (name === 'submitJob') sim.begin ??= await clock();
  if (sim.begin === null) return body(sim, name, request);
  const looks = LOOKS.includes(name) ? 1 : 0;
  sim.looking += looks;
  try {
    sim.catchUp(await clock());
    await whileCancelCrosses(sim, name);
    return await answered(sim, name, request);
  } catch (error) {
    if (!context.cancellationSignal.aborted) sim.between.set(key, name);
    throw error;
  } finally {
    sim.looking -= looks;
  }
}

async function answered(sim: Simulated, name: string, request: Request): Promise<unknown> {
  const { troubles, world } = sim;
  if (troubles.lost) throw again('TemporalIsLost', 60_000);
  await sendFromWithin(sim, name);
  whileDown(sim);
  const trap = troubles.sprung(name, name === 'watchJob' && !saysNothing((request as WatchRequest).control));
  if (trap !== null) troubles.down(world.now, trap.seconds);
  if (trap?.when === 'before') whileDown(sim);
  const result = LOOKS.includes(name)
    ? await lookAhead(sim, () => observed(sim, name, request))
    : await observed(sim, name, request);
  if (trap !== null) whileDown(sim);
  return result;
}

/** @throws to be called again when there is a worker again, or when the next message comes */
function whileDown({ troubles, world }: Simulated): void {
  const { now } = world;
  if (troubles.downUntil > now) throw again('WorkerIsDown', Math.min(troubles.downUntil, troubles.nextAt(now)) - now);
}

/** The real activity, and what the invariants hear of it. */
async function observed(sim: Simulated, name: string, request: Request): Promise<unknown> {
  if (name === 'submitJob') sim.observer.submitting(request as SubmitRequest);
  if (name === 'findCheckpoint') sim.observer.climbing(request as LadderRequest);
  if (name === 'submitJob' || name === 'watchJob') sim.waitingSince = null;
  if (name === 'letGoCheckpoints') return sim.observer.retaining(() => removing(sim, request));
  const result = await body(sim, name, request);
  if (name === 'record') await waitForPerson(sim, request as unknown as { entries: readonly JournalEntry[] });
  return result;
}

/** A removal that the storage does not answer is left out: waiting for it, it would be canceled between two tries. */
async function removing(sim: Simulated, request: Request): Promise<unknown> {
  if (sim.world.storage.downUntil > sim.world.now) return 0;
  return body(sim, 'letGoCheckpoints', request);
}

async function waitForPerson(sim: Simulated, { entries }: { entries: readonly JournalEntry[] }): Promise<void> {
  const held = entries.some((entry) => entry.type === 'event' && entry.event.kind === 'held');
  const settled = entries.some(({ type }) => type === 'attempt');
  if (!held && !settled) return;
  sim.waitingSince = sim.world.now;
  // A look that was canceled between two tries is never called again: nobody waits for it any more.
  for (const [key, name] of sim.between) if (LOOKS.includes(name)) sim.between.delete(key);
  if (held || sim.paused) await getClient().workflow.getHandle(clockId(sim.config.name)).signal('earlier');
}

function body(sim: Simulated, name: string, request: Request): Promise<unknown> {
  const activity = sim.activities[name] as Called;
  return activity(request);
}

/** The clock of a run while none of its activities is called. @returns milliseconds until the next call; null where the run is over */
async function beat(sim: Simulated, clock: Clock): Promise<number | null> {
  if (sim.over) return null;
  sim.catchUp(await clock());
  const { world, troubles } = sim;
  if (world.now > sim.giveUpAt) await sim.giveUp();
  if (troubles.lost) return takenUp(sim);
  // A message that would cancel an activity between two tries waits for the next one.
  const between = [...sim.between.values()];
  const cancels = troubles.mail.some(({ act }) => act === 'cancel') && between.length > 0;
  const looks = sim.looking > 0 || between.some((name) => LOOKS.includes(name));
  if (!looks && !cancels && !troubles.lost) await sendFromOutside(sim);
  return Math.max(1, Math.min(troubles.nextAt(world.now), personAt(sim), world.now + LONGEST_MS) - world.now);
}

const LONGEST_MS = 86_400_000;

/** Who takes a run up does so when Azure, the storage and a worker are there: before, nothing begins. */
async function takenUp(sim: Simulated): Promise<number> {
  const { world, troubles } = sim;
  const there = Math.max(world.azure.until, world.storage.downUntil, world.unknownUntil, troubles.downUntil);
  if (there > world.now) return there - world.now + 1;
  await sim.takeUp();
  sim.between.clear();
  // Lost with the workflow that was to hear of it.
  sim.cancelCrosses = false;
  troubles.lost = false;
  return 1;
}

/** Id of the clock workflow of a run. */
export const clockId = (run: string) => `clock-of-${run}`;
