import { type JobEnding, isPreemption } from '../../../domain/endings/names.js';
import type { SimJob } from '../world/job.js';
import type { World } from '../world/world.js';

/** Our share of a recovery: from the end of a job that was preempted to the answer of the next submission, where nothing but us was in the way. */
export class Delays {
  /** Seconds beyond one poll interval. */
  readonly beyondPoll: number[] = [];
  /** Seconds, where the watch had seen in the heartbeat that the trainer was warned. */
  readonly afterNotice: number[] = [];
  private ended: { readonly at: number; readonly warned: boolean } | null = null;

  constructor(
    private readonly world: World,
    private readonly pollSeconds: number,
  ) {}

  settled({ endedAt }: SimJob, ending: JobEnding, warned: boolean): void {
    const isTaken = isPreemption(ending) || ending === 'interrupted';
    this.ended = isTaken && endedAt !== null ? { at: endedAt, warned } : null;
  }

  submitted(workerDownUntil: number): void {
    const { azure, storage, unknownUntil, now } = this.world;
    const { ended } = this;
    this.ended = null;
    if (ended === null) return;
    const wasUndisturbed = [azure.until, storage.downUntil, unknownUntil, workerDownUntil].every(
      (until) => until <= ended.at,
    );
    if (!wasUndisturbed) return;
    const seconds = (now - ended.at) / 1000;
    this.beyondPoll.push(seconds - this.pollSeconds);
    if (ended.warned) this.afterNotice.push(seconds);
  }

  /** Somebody or something else takes its time. */
  forget(): void {
    this.ended = null;
  }
}
