import { setImmediate } from 'node:timers/promises';
import type { Stage } from './stages/tasks.js';

export type { Stage as PrepareStage } from './stages/tasks.js';

/** What a preparation is doing. */
export interface PrepareProgress {
  readonly stage: Stage;
  /** Tasks of the stage that are done, and how many it has. */
  readonly done: number;
  readonly of: number;
  /** Pages read in the task under way. */
  readonly pages: number;
  /** Samples made in the task under way. */
  readonly samples: number;
}

export type OnProgress = (progress: PrepareProgress) => void;

/** Keeps the numbers, tells them now and then, and lets others run in between. */
export interface ProgressMeter {
  update(change: Partial<PrepareProgress>): void;
  /** Gives the event loop a turn if the last one is some time ago. @throws the signal's reason when it is aborted. */
  breathe(): Promise<void>;
}

const tellEveryMs = 250;
const breatheEveryMs = 20;

export function progressMeter(tell: OnProgress, signal: AbortSignal | undefined): ProgressMeter {
  let progress: PrepareProgress = { stage: 'text', done: 0, of: 0, pages: 0, samples: 0 };
  let told = -Infinity;
  let breathed = performance.now();
  return {
    update(change) {
      const isNewStage = change.stage !== undefined && change.done === 0;
      progress = { ...progress, ...change };
      const now = performance.now();
      if (!isNewStage && now - told < tellEveryMs) return;
      told = now;
      tell(progress);
    },
    async breathe() {
      signal?.throwIfAborted();
      if (performance.now() - breathed < breatheEveryMs) return;
      await setImmediate();
      signal?.throwIfAborted();
      breathed = performance.now();
    },
  };
}
