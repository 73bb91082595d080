import { type Pace, calmed, fullPace, slowed } from '../../domain/copy/pace.js';
import type { Clock } from './clock.js';

/**
 * Turns for the requests to one account: so many at once, in the order they were asked for, and none while the service wants rest.
 * Whoever gets a turn must give it back.
 */
export class Pacer {
  private pace: Pace;
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];
  private resting: Promise<void> | null = null;

  constructor(
    private readonly most: number,
    private readonly clock: Clock,
  ) {
    this.pace = fullPace(most);
  }

  /** How many requests may be under way now. */
  get limit(): number {
    return this.pace.limit;
  }

  /** Runs one request in its turn. */
  async turn<T>(send: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.enter(signal);
    try {
      const answer = await send();
      this.pace = calmed(this.pace, this.most);
      return answer;
    } finally {
      this.underWay--;
      this.admit();
    }
  }

  /** The service asked for rest: everything waits. @param sentAt when the refused request was sent */
  rest(sentAt: number, retryAfterMs: number | null): void {
    const { clock } = this;
    this.pace = slowed(this.pace, { now: clock.now(), sentAt, retryAfterMs, chance: clock.chance() });
  }

  private async enter(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        signal.throwIfAborted();
        const pause = this.pace.resumeAt - this.clock.now();
        if (pause > 0) await this.rested(pause, signal);
        else if (this.underWay < this.pace.limit) break;
        else await this.free(signal);
      }
    } catch (error) {
      // Who was woken and leaves hands the turn on.
      this.admit();
      throw error;
    }
    this.underWay++;
  }

  private async rested(pause: number, signal: AbortSignal): Promise<void> {
    // One wait for all: who is aborted meanwhile leaves at the end of it, or by its own signal.
    this.resting ??= this.clock.wait(pause, new AbortController().signal).finally(() => {
      this.resting = null;
    });
    await orAborted(this.resting, signal);
  }

  private async free(signal: AbortSignal): Promise<void> {
    let wake: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => this.waiting.push((wake = resolve)));
    try {
      await orAborted(turn, signal);
    } finally {
      const stillWaiting = this.waiting.indexOf(wake);
      if (stillWaiting >= 0) this.waiting.splice(stillWaiting, 1);
    }
  }

  /** Wakes as many as there is room for; each looks for itself whether it may go. */
  private admit(): void {
    const room = Math.max(0, this.pace.limit - this.underWay);
    for (const wake of this.waiting.splice(0, room)) wake();
  }
}

async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
