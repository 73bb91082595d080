import { setImmediate } from 'node:timers/promises';

/** What a preparation is doing. */
export type PrepareStage = 'identify' | 'read' | 'vocabulary' | 'tokenize' | 'pair' | 'finish';

export interface PrepareProgress {
  readonly stage: PrepareStage;
  /** Pages read from the dump. */
  readonly pages: number;
  /** Samples written. */
  readonly samples: number;
  /** Bytes of the dump file read, as it lies on disk. */
  readonly bytes: number;
  readonly totalBytes: number;
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

export function progressMeter(totalBytes: number, tell: OnProgress, signal: AbortSignal | undefined): ProgressMeter {
  let progress: PrepareProgress = { stage: 'identify', pages: 0, samples: 0, bytes: 0, totalBytes };
  let told = -Infinity;
  let breathed = performance.now();
  return {
    update(change) {
      const isNewStage = change.stage !== undefined && change.stage !== progress.stage;
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
