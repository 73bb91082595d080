import { Turns } from '../../domain/watch/turns.js';
import { Bucket } from './bucket.js';

/** What Azure Resource Manager counts apart; a POST is a write. */
export type Operation = 'reads' | 'writes' | 'deletes';

/** Documented, for a principal in a subscription: tokens, and how many come back in a second. */
const LIMITS: Record<Operation, { size: number; perSecond: number }> = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
  deletes: { size: 200, perSecond: 10 },
};

/** However long Azure asks for: who cannot wait would wait with everybody else. */
const LONGEST_REFUSAL_SECONDS = 30;

/** Of each limit so much is used: two clocks and an answer that is lost on its way count tokens differently. */
const USED = 0.95;

/** Looks at jobs in a second: four fifths of the reads that come back, so that the others find theirs. */
const LOOKS_PER_SECOND = 20;

/** Reads that looks leave to whatever cannot wait: a submission, a cancel, a proof. */
const KEPT_FOR_OTHERS = 50;

/**
 * What Azure Resource Manager allows this process to ask, counted before it refuses: a call waits for its token, a look at a job that is not
 * urgent does not even ask where few are left. Other processes of the same principal take from the same tokens; their share shows in the
 * answers, which say what is left.
 */
export class Allowance {
  private readonly buckets: Record<Operation, Bucket> = {
    reads: bucketOf('reads'),
    writes: bucketOf('writes'),
    deletes: bucketOf('deletes'),
  };

  private readonly looks = new Turns(LOOKS_PER_SECOND);

  /** Takes the token of a call. @returns seconds that the call has to wait */
  take(operation: Operation, now: number): number {
    return this.buckets[operation].take(now);
  }

  /** What an answer says of the tokens that Azure has left for us. */
  told(operation: Operation, left: number, now: number): void {
    this.buckets[operation].atMost(left, now);
  }

  /** Azure refused (429) and asks for so many seconds: no token is there, and none comes before. */
  refused(operation: Operation, seconds: number, now: number): void {
    this.buckets[operation].atMost(
      -Math.min(seconds, LONGEST_REFUSAL_SECONDS) * LIMITS[operation].perSecond * USED,
      now,
    );
  }

  /**
   * After a look at a job.
   * @param haste 1 for a job that only trains, less for one that is to come round more often
   * @returns seconds until the next look at the same job, so that all jobs of the subscription come round
   */
  lookTurn(now: number, haste: number): number {
    return this.looks.next(now) * haste;
  }

  /** Seconds in which every job comes round. */
  roundSeconds(now: number): number {
    return this.looks.wait(now);
  }

  /** Whether a look at a job may ask now, or leaves what is there to others. */
  sparesLooks(now: number): boolean {
    return this.buckets.reads.left(now) >= KEPT_FOR_OTHERS;
  }
}

function bucketOf(operation: Operation): Bucket {
  const { size, perSecond } = LIMITS[operation];
  return new Bucket(size * USED, perSecond * USED);
}

/** Allowances of this process: Azure counts by principal and subscription, whatever the workspace. */
const known = new Map<string, Allowance>();

/** @param principal anything that tells principals and subscriptions apart */
export function allowanceOf(principal: string): Allowance {
  const found = known.get(principal) ?? new Allowance();
  known.set(principal, found);
  return found;
}
