import type { Context } from '@temporalio/activity';
import { createControlActivities, createDataActivities } from '../../../activities/index.js';
import type { Deps } from '../../../activities/deps.js';
import { newTurns } from '../../../activities/turns.js';
import { installation } from '../../../installation.js';
import type { RunConfig } from '../../../domain/config.js';
import { attemptNumber } from '../../../domain/names.js';
import { trainerConfigPath } from '../../../domain/paths.js';
import type { SkipWindow } from '../../../domain/skip-windows.js';
import { Invariants } from '../invariants/invariants.js';
import type { Schedule } from '../schedule.js';
import { World } from '../world/world.js';
import { readParameters } from './arm.js';
import { connectWorld } from './azure.js';
import { WorldContainer } from './container.js';
import { Observer } from './observer.js';
import { stages } from './stages.js';
import { Troubles } from './troubles.js';

type Activity = (request: never) => Promise<unknown>;

/** One run: its world, the real activities over it, and what is known of its workflow from outside. */
export class Simulated {
  readonly world: World;
  readonly troubles: Troubles;
  readonly invariants: Invariants;
  readonly observer: Observer;
  readonly activities: Readonly<Record<string, Activity>>;
  /** Server's time at the world's begin, which is the first submission; null before. */
  begin: number | null = null;
  /** Activities between two tries, by their place in Temporal: a message must not cancel them there (`mail.ts`). */
  readonly between = new Map<string, string>();
  /** Heartbeat details of activities: the test server loses them between two tries. */
  readonly details = new Map<string, unknown>();
  /** Since when a person is needed, world's milliseconds; null while none is. */
  waitingSince: number | null = null;
  /** While an operator's pause holds. */
  paused = false;
  /** While an operator's cancel is under way to the workflow (`crossing.ts`). */
  cancelCrosses = false;
  /** Tries of looks that are under way. */
  looking = 0;
  over = false;
  /** Calls of activities so far. */
  calls = 0;
  /** Ends the workflow as a server that forgets it does, and starts it anew from the storage. */
  takeUp: () => Promise<void> = () => Promise.resolve();
  /** Ends it where it should long have come to its end, at `giveUpAt` of the world. */
  giveUp: () => Promise<void> = () => Promise.resolve();

  constructor(
    readonly config: RunConfig,
    schedule: Schedule,
    readonly giveUpAt: number,
  ) {
    this.troubles = new Troubles(schedule);
    this.world = new World(schedule, (fault) => this.troubles.strike(fault));
    this.invariants = new Invariants(this.world, config, () => this.troubles.downUntil);
    this.observer = new Observer(this.world, config, this.invariants);
    const begin = () => this.begin ?? 0;
    const container = new WorldContainer(this.world, config.name, (lines) => this.observer.journaled(lines), begin);
    const now = () => (this.begin ?? Date.now()) + this.world.now;
    const azure = connectWorld(this.world, config.azure, container, begin);
    const deps: Deps = { installation, scratch: installation, now, turns: newTurns(), connection: () => azure };
    const data = createDataActivities(deps);
    const hashCheckpoints: Activity = data.verifyCheckpoints.bind(data);
    this.activities = { ...createControlActivities(deps), ...data, ...stages(this.world, schedule), hashCheckpoints };
    readParameters(this.world, (attempt) => {
      const text = container.peek(trainerConfigPath(config.name, 'p1', attemptNumber(attempt))) ?? '{}';
      return (JSON.parse(text) as { skipWindows?: readonly SkipWindow[] }).skipWindows ?? [];
    });
  }

  /** Lets the world catch up with the server's clock. */
  catchUp(serverTime: number): void {
    if (this.begin !== null) this.world.advance(serverTime - this.begin);
  }
}

/** An activity's place in Temporal. */
export function keyOf({ info }: Context): string {
  return `${info.workflowExecution?.runId ?? ''}/${info.activityId}`;
}
