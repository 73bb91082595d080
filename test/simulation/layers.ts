import { Emulated } from './emulated/layer.js';
import { type Played, play } from './pure/play.js';
import type { Schedule } from './schedule.js';
import { workflow } from './workflow/layer.js';

/** A way to play fault schedules: from pure decisions alone to real servers. */
export interface Layer {
  readonly name: string;
  /** How many of the first `seeds` schedules are played by it. */
  count(seeds: number): number;
  /** Why it cannot run here, in a sentence; null where it can. */
  isThere(): string | null;
  /** A divergence from what `pure` makes of the same schedule stands among the breaches (`layers agree`). */
  play(schedule: Schedule): Promise<Played>;
  /** Ends what it started; called once, also where nothing was played. */
  close(): Promise<void>;
  /** So many schedules are played side by side; absent: one. */
  readonly atOnce?: number;
  /** What must be known of what was played, line by line: what could not be, and was left out. */
  remarks?(): readonly string[];
  /** Plays that shortening a broken schedule may cost; absent: it is told as it is. */
  readonly shrinkTries?: number;
}

/** The pure decisions on a simulated workspace with a virtual clock; what other layers are compared with. */
export const pure: Layer = {
  name: 'pure decisions',
  count: (seeds) => seeds,
  isThere: () => null,
  play: async (schedule) => play(schedule),
  close: async () => undefined,
  shrinkTries: 2_000,
};

/** Every layer, cheapest first. */
export const layers: readonly Layer[] = [pure, workflow, new Emulated()];
