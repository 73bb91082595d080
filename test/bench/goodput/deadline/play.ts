import { type Exposure, remembered } from '../../../../domain/interval/interruptions.js';
import { chooseInterval } from '../../../../domain/interval/choose.js';
import { priorFor } from '../../../../domain/interval/prior.js';
import { ANSWER_SECONDS, POLL_SECONDS } from '../policies/work.js';
import type { World } from '../policy.js';
import type { Series } from '../series.js';

/** Work with a deadline, in a window of a series. Seconds; times count from the begin of the window. */
export interface Job {
  readonly series: Series;
  /** Begin of the window in its series. */
  readonly begin: number;
  readonly work: number;
  readonly deadline: number;
}

/** What a policy goes by at a look. */
export interface Moment {
  readonly job: Job;
  readonly world: World;
  readonly now: number;
  /** Where the job is, or what it asks for. */
  readonly on: 'asking' | 'spot' | 'dedicated';
  /** Spot nodes are there now: who does not ask for them cannot know it. */
  readonly capacity: boolean;
  readonly saved: number;
  readonly unsaved: number;
}

export interface DeadlinePolicy {
  readonly name: string;
  wants(moment: Moment): 'spot' | 'dedicated';
}

export interface Made {
  /** Null where it never was done. */
  readonly finishedAt: number | null;
  readonly spotSeconds: number;
  readonly dedicatedSeconds: number;
  /** Times that it went from one kind of nodes to the other. */
  readonly moves: number;
}

/** Looks are what is counted in: nothing here is decided between two of them. */
const TICK = POLL_SECONDS;
const BOUNDS = { shortestSeconds: 5, longestSeconds: 6 * 3600 };
/** Who is not done by then never is. */
const LONGEST = 3;

/** Plays a policy over a job, look by look, with the product's own checkpoint interval. */
export function play(policy: DeadlinePolicy, world: World, job: Job): Made {
  const player = new Player(policy, world, job);
  while (!player.isOver) player.tick();
  return player.made;
}

class Player {
  private now = 0;
  /** Of the up-time that was looked at last. */
  private index = 0;
  /** That of the nodes that are held. */
  private held = -1;
  private on: Moment['on'] = 'asking';
  private askFrom = 0;
  /** Of start or checkpoint, before training goes on. */
  private busy = 0;
  private up = 0;
  private saved = 0;
  private unsaved = 0;
  private exposures: readonly Exposure[] = [];
  private interval = 0;
  private spotSeconds = 0;
  private dedicatedSeconds = 0;
  private moves = 0;
  private finishedAt: number | null = null;

  constructor(
    private readonly policy: DeadlinePolicy,
    private readonly world: World,
    private readonly job: Job,
  ) {
    this.interval = this.choose();
  }

  get isOver(): boolean {
    return this.finishedAt !== null || this.now > LONGEST * this.job.deadline;
  }

  get made(): Made {
    const { finishedAt, spotSeconds, dedicatedSeconds, moves } = this;
    return { finishedAt, spotSeconds, dedicatedSeconds, moves };
  }

  tick(): void {
    const there = this.upTime();
    const capacity = there >= 0;
    if (this.on === 'spot' && there !== this.held) this.lose();
    const wanted = this.policy.wants(this.moment(capacity));
    if (wanted === 'dedicated' && this.on !== 'dedicated') this.moveTo('dedicated');
    if (wanted === 'spot' && this.on === 'dedicated') this.moveTo('asking');
    if (this.on === 'asking' && capacity && this.now >= this.askFrom) {
      this.held = there;
      this.begin('spot');
    }
    this.spend();
    this.now += TICK;
  }

  /** Index of the up-time that it is now; -1 for none. */
  private upTime(): number {
    const { upTimes } = this.job.series;
    const at = this.job.begin + this.now;
    while ((upTimes[this.index]?.until ?? Infinity) <= at) this.index += 1;
    return (upTimes[this.index]?.from ?? Infinity) <= at ? this.index : -1;
  }

  private moment(capacity: boolean): Moment {
    const { job, world, now, on, saved, unsaved } = this;
    return { job, world, now, on, capacity, saved, unsaved };
  }

  private lose(): void {
    this.exposures = remembered(this.exposures, { seconds: this.up, interrupted: true });
    this.unsaved = 0;
    this.on = 'asking';
    this.askFrom = this.now + POLL_SECONDS + ANSWER_SECONDS;
  }

  /** What it leaves it leaves with a checkpoint, whose time is paid on the nodes that it has. */
  private moveTo(place: 'dedicated' | 'asking'): void {
    this.moves += 1;
    if (this.on !== 'asking') this.pay(this.world.stallSeconds);
    if (this.on === 'spot') this.exposures = remembered(this.exposures, { seconds: this.up, interrupted: false });
    this.saved += this.unsaved;
    this.unsaved = 0;
    if (place === 'asking') {
      this.on = 'asking';
      this.askFrom = this.now;
    } else this.begin('dedicated');
  }

  private begin(on: 'spot' | 'dedicated'): void {
    Object.assign(this, { on, busy: this.world.startSeconds, up: 0 });
    this.interval = this.choose();
  }

  private spend(): void {
    if (this.on === 'asking') return;
    let left = TICK;
    while (left > 1e-9 && this.finishedAt === null) {
      const untilSave = Math.min(this.interval - this.unsaved, this.job.work - this.saved - this.unsaved);
      const step = Math.min(left, this.busy > 0 ? this.busy : untilSave);
      if (this.busy > 0) this.busy -= step;
      else this.unsaved += step;
      left -= step;
      this.pay(step);
      this.up += step;
      const isDone = this.saved + this.unsaved >= this.job.work - 1e-6;
      if (this.busy <= 1e-9 && (isDone || this.unsaved >= this.interval - 1e-9)) this.save(isDone, TICK - left);
    }
  }

  private save(isDone: boolean, at: number): void {
    this.saved += this.unsaved;
    this.unsaved = 0;
    this.busy = this.world.stallSeconds;
    if (isDone) {
      this.finishedAt = this.now + at + this.world.stallSeconds;
      this.pay(this.world.stallSeconds);
    } else this.interval = this.choose();
  }

  private pay(seconds: number): void {
    if (this.on === 'spot') this.spotSeconds += seconds;
    if (this.on === 'dedicated') this.dedicatedSeconds += seconds;
  }

  private choose(): number {
    const { exposures, up, world, job } = this;
    const facts = { exposures, upSeconds: up, stalls: [world.stallSeconds], prior: priorFor(job.series.nodes) };
    return chooseInterval(facts, BOUNDS).seconds;
  }
}
