import type { Segment } from './canvas.js';

/** All that was lost between the last useful second before and the first one behind it. */
export interface Interruption {
  readonly from: number;
  readonly until: number;
  /** The attempt that was interrupted. */
  readonly jobName: string;
  /** Azure started the same job again, and it got on. */
  readonly inPlace: boolean;
  /** Attempts that came to nothing before training was where it had been. */
  readonly jobs: readonly string[];
  /** Without checkpoint stalls: those are the price of every checkpoint, not of an interruption. */
  readonly segments: readonly Segment[];
}

/**
 * Interruptions of a run, oldest first: attempts that ended, and starts in place. What comes before the first useful second is none.
 * @param isPlanned whether an attempt ended as it should: what follows it is no interruption
 */
export function interruptionsOf(
  segments: readonly Segment[],
  isPlanned: (jobName: string) => boolean,
): readonly Interruption[] {
  const found: Interruption[] = [];
  let trained: string | null = null;
  let lost: Segment[] = [];
  const close = (goesOn: string | null) => {
    const [first] = lost;
    const last = lost.at(-1);
    const inPlace = trained !== null && goesOn === trained;
    if (trained !== null && first !== undefined && last !== undefined && (inPlace || !isPlanned(trained))) {
      const jobs = [...new Set(lost.flatMap(({ jobName }) => jobName ?? []))].filter(
        (name) => name !== trained && name !== goesOn,
      );
      found.push({ from: first.from, until: last.until, jobName: trained, inPlace, jobs, segments: lost });
    }
    lost = [];
  };
  for (const segment of segments) {
    if (segment.bucket === 'checkpoint-stall') continue;
    if (segment.bucket !== 'useful') lost.push(segment);
    else {
      close(segment.jobName);
      trained = segment.jobName;
    }
  }
  close(null);
  return found;
}
