import type { BerthaClient, RunView } from '../../client.js';
import type { RunEvent } from '../../domain/events.js';
import type { TrainingProgress } from '../../domain/status.js';
import type { Stack } from '../../stack/stack.js';
import { explain } from '../failure.js';
import { pause } from '../interrupt.js';
import { tellEmulator } from './emulator.js';
import { type Deed, type Scene, deedSentence, partNames } from './scenario.js';
import { endOf, isSignOf } from './signs.js';

const LOOK_EVERY_MS = 400;
/** A deed that nobody notices for so long is given up: the next scene begins, and the account says so. */
const PATIENCE_MS = 120_000;

/** What was done, and what came of it. */
export interface Done {
  readonly deed: Deed;
  /** Step of the training then. */
  readonly step: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Start of the trainer that ran then. */
  readonly incarnation: string | null;
  /** The event by which the run noticed it; null where none came. */
  sign: RunEvent | null;
  /** Whether what it brought about is over. */
  over: boolean;
  /** The first look at a run that trained again (or still) after that; null where it never did. */
  again: { readonly at: number; readonly incarnation: string | null } | null;
}

/** First and last step that were seen of a start of the trainer. */
export interface Steps {
  readonly first: number;
  readonly last: number;
}

export interface Stage {
  readonly stack: Stack;
  readonly client: BerthaClient;
  readonly run: string;
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Does to a run what the scenes say, one scene after the other, and remembers how each deed was noticed. */
export class Conductor {
  readonly done: Done[] = [];
  /** Parts that are down by our hand: nobody else needs to look after them. */
  readonly down = new Set<string>();
  /** By incarnation. */
  readonly steps = new Map<string, Steps>();
  private readonly seen = new Set<number>();
  private readonly reviving: Promise<void>[] = [];

  constructor(private readonly stage: Stage) {}

  /** Returns when the last scene is noticed, the run has ended, or the signal says stop; whatever was killed runs again then. */
  async conduct(scenes: readonly Scene[]): Promise<void> {
    try {
      for (const scene of scenes) await this.play(scene);
    } finally {
      await Promise.all(this.reviving);
    }
  }

  private async play(scene: Scene): Promise<void> {
    const { say } = this.stage;
    const begun = await this.trainsAt(scene.step);
    if (begun === null) return;
    say(`step ${begun.step}: ${scene.say}`);
    for (const deed of scene.do) {
      const seen = deed.step === undefined ? begun : await this.trainsAt(deed.step);
      if (seen === null) return;
      await this.perform(deed, seen);
    }
    await this.until(() => this.done.every(({ over }) => over), PATIENCE_MS);
  }

  private async perform(deed: Deed, { step, jobName, incarnation }: Training): Promise<void> {
    const { stack, say } = this.stage;
    say(`step ${step}: ${deedSentence(deed)}`);
    try {
      if ('kill' in deed) await this.kill(deed);
      const at = Date.now();
      if ('evict' in deed) await tellEmulator(stack, 'evict', { job: jobName, ...deed.evict });
      if ('fault' in deed) await tellEmulator(stack, 'faults', ofJob(deed.fault, jobName));
      this.done.push({ deed, step, at, incarnation, sign: null, over: false, again: null });
    } catch (error) {
      say(`NOTE: that could not be done: ${explain(error).text}`);
    }
  }

  private async kill({ kill, seconds }: Extract<Deed, { kill: unknown }>): Promise<void> {
    const { stack, say, signal } = this.stage;
    this.down.add(kill);
    await stack.kill(kill);
    const revive = async () => {
      await pause(seconds * 1000, signal);
      await stack.revive(kill);
      this.down.delete(kill);
      say(`${partNames[kill]} runs again`);
    };
    const reviving = revive();
    reviving.catch(() => undefined);
    this.reviving.push(reviving);
  }

  /** The first look that finds the run training at a step or behind it, and everything that was done noticed before. */
  private async trainsAt(step: number): Promise<Training | null> {
    let found: Training | null = null;
    await this.until((view) => {
      const { progress, status } = view;
      const since = Math.max(0, ...this.done.map(({ at, sign }) => sign?.at ?? at));
      const trains =
        progress !== null &&
        progress.jobName === status?.jobName &&
        progress.state === 'training' &&
        (progress.step ?? 0) >= step &&
        (progress.at ?? 0) > since;
      if (trains) found = { step: progress.step ?? 0, jobName: progress.jobName, incarnation: progress.incarnation };
      return trains;
    }, Infinity);
    return found;
  }

  /** Looks at the run until something holds. @returns null where it did not: the run or our patience ended, or we are to stop */
  private async until(holds: (view: RunView) => boolean, patienceMs: number): Promise<RunView | null> {
    const { client, run, signal } = this.stage;
    const deadline = Date.now() + patienceMs;
    while (!signal.aborted) {
      const view = await client.getRun(run).catch(() => null);
      if (view !== null) this.remember(view);
      if (view !== null && holds(view)) return view;
      if (view !== null && view.state !== 'running') return null;
      if (Date.now() > deadline) return null;
      await pause(LOOK_EVERY_MS, signal);
    }
    return null;
  }

  private remember({ status, progress }: RunView): void {
    for (const event of status?.events ?? []) {
      if (this.seen.has(event.sequence)) continue;
      this.seen.add(event.sequence);
      for (const one of this.done) takeIn(one, event);
    }
    if (progress !== null) this.follow(progress);
  }

  private follow({ state, at, step, incarnation }: TrainingProgress): void {
    const known = this.steps.get(incarnation ?? '');
    if (incarnation !== null && step !== null)
      this.steps.set(incarnation, { first: known?.first ?? step, last: Math.max(known?.last ?? 0, step) });
    if (state !== 'training' || at === null) return;
    for (const one of this.done) {
      const isAgain = one.again === null && one.sign !== null && at > one.sign.at;
      if (isAgain) one.again = { at, incarnation };
    }
  }
}

interface Training {
  readonly step: number;
  readonly jobName: string;
  readonly incarnation: string | null;
}

function takeIn(done: Done, event: RunEvent): void {
  const { deed } = done;
  if (event.at < done.at) return;
  const isEnd = endOf(deed);
  if (done.sign === null && isSignOf(deed, event)) done.sign = event;
  if (done.sign !== null && (isEnd === null || isEnd(event))) done.over = true;
}

/** Uploads are spoilt for one job only: the next one begins without. */
function ofJob({ storage, ...rest }: Extract<Deed, { fault: unknown }>['fault'], job: string): object {
  return storage === undefined ? rest : { ...rest, storage: storage.map((one) => ({ job, ...one })) };
}
