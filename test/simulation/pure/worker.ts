import type { CallName, Fault } from '../schedule.js';
import type { Woken, World } from '../world/world.js';

/** Temporal forgot the run; whoever takes it up begins from the storage. */
export class TemporalLost extends Error {}
/** The virtual time in which a schedule must be over has passed. */
export class TimeOver extends Error {}
/** Nobody supervises any more, for ever. */
export class SupervisorGone extends Error {}
/** Azure or the storage gave no answer; the call is repeated by its retry policy. */
export class Unanswered extends Error {}

const CALL_MS = 400;
const LONGEST_PAUSE_MS = 60_000;

/** What runs the supervisor: it dies at the worst moments and comes back, and whatever it was about to say is lost. */
export class Worker {
  downUntil = 0;
  lost = false;
  private readonly traps: Extract<Fault, { kind: 'worker-dies' }>[] = [];

  constructor(
    private readonly world: () => World,
    private readonly giveUpAt: number,
    private readonly callMs: () => number = () => CALL_MS,
    private readonly goneAt = Infinity,
  ) {}

  strike(fault: Fault): void {
    if (fault.kind === 'worker-dies') this.traps.push(fault);
    if (fault.kind === 'worker-down')
      this.downUntil = Math.max(this.downUntil, this.world().now + fault.seconds * 1000);
    if (fault.kind === 'temporal-lost') this.lost = true;
  }

  /** An activity: repeated until its result has arrived. */
  call<T>(name: CallName, work: () => T): T {
    for (let attempt = 0; ; attempt++) {
      this.awaitUp();
      const trap = this.sprung(name);
      if (trap?.when === 'before') {
        this.die(trap.seconds);
        continue;
      }
      this.world().advance(this.world().now + this.callMs());
      let result: T;
      try {
        result = work();
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        this.world().advance(this.world().now + Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** Math.min(attempt, 10)));
        continue;
      }
      if (trap !== undefined) this.die(trap.seconds);
      const answerLost = trap !== undefined || this.downUntil > this.world().now;
      if (!answerLost) return result;
    }
  }

  /** Work that is tried once, and left where it gets no answer. */
  attempt(name: CallName, work: () => void): void {
    this.awaitUp();
    const trap = this.sprung(name);
    if (trap !== undefined) this.die(trap.seconds);
    if (trap?.when === 'before') return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
  }

  /** A durable timer; ends early when something arrives. */
  sleep(seconds: number): void {
    this.world().advance(this.world().now + seconds * 1000, 'message');
    this.awaitUp();
  }

  /** Sleeps, and looks up every so often; ends early when something arrives or is noticed. */
  doze(seconds: number, nap: number, isNoticed: () => boolean): void {
    const world = this.world();
    const from = world.now;
    const until = from + seconds * 1000;
    const nextNap = () => from + (Math.floor((world.now - from) / (nap * 1000)) + 1) * nap * 1000;
    // Naps in which nothing happens are slept in one go.
    let mayNotice = false;
    while (world.now < until && !isNoticed()) {
      const woken: Woken = mayNotice
        ? world.advance(Math.min(until, nextNap()), 'message')
        : world.advance(until, 'notice');
      if (woken === 'message') break;
      mayNotice ||= woken === 'notice';
    }
    this.awaitUp();
  }

  private awaitUp(): void {
    while (this.downUntil > this.world().now && this.world().now < this.goneAt)
      this.world().advance(Math.min(this.downUntil, this.goneAt));
    if (this.world().now >= this.goneAt) throw new SupervisorGone();
    if (this.world().now > this.giveUpAt) throw new TimeOver();
    if (!this.lost) return;
    this.lost = false;
    throw new TemporalLost();
  }

  private sprung(name: CallName): (typeof this.traps)[number] | undefined {
    const index = this.traps.findIndex(({ call }) => call === name);
    return index < 0 ? undefined : this.traps.splice(index, 1)[0];
  }

  private die(seconds: number): void {
    this.downUntil = Math.max(this.downUntil, this.world().now + seconds * 1000);
  }
}
