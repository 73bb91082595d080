import { checkLeftAlone } from '../invariants/money.js';
import { Checks } from '../invariants/names.js';
import type { Money, Schedule } from '../schedule.js';
import { TwoWriters } from '../world/storage.js';
import type { Decisions } from './decisions.js';
import { stage } from './stage.js';
import { runPhase } from './supervisor.js';
import { SupervisorGone, TimeOver } from './worker.js';

/** Whatever still runs by then would run for ever. */
const LONG_AFTERWARDS_MS = 60 * 86_400_000;

/** Plays a schedule until workers and Temporal are gone for good, and then on: what Azure and the trainer do by themselves. */
export function playLeftAlone(schedule: Schedule, money: Money, decisions: Decisions): Checks {
  const goneAt = money.goneAt * 1000;
  const context = stage(schedule, decisions, { goneAt });
  const { world } = context;
  const checks = new Checks(() => world.now);
  try {
    runPhase(context);
  } catch (error) {
    // What breaks before is told by the play that is supervised.
    if (error instanceof TimeOver || error instanceof TwoWriters) return checks;
    if (!(error instanceof SupervisorGone)) throw error;
    checkLeftAlone(checks, world, { money, goneAt }, () => void world.advance(world.now + LONG_AFTERWARDS_MS));
  }
  return checks;
}
