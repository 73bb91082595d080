import type { BerthaClient, RunView } from '../../client.js';
import type { RunEvent } from '../../domain/events.js';
import type { TrainingProgress } from '../../domain/status.js';
import { pause } from '../interrupt.js';
import type { Deed } from './scenario.js';
import { endOf, isSignOf } from './signs.js';

export const LOOK_EVERY_MS = 400;

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

/** A look at a run that trains. */
export interface Training {
  readonly step: number;
  readonly jobName: string;
  readonly incarnation: string | null;
}

/** Looks at a run as any other client would, and remembers what was done to it and how the run took it. */
export class Onlooker {
  readonly done: Done[] = [];
  /** By incarnation. */
  readonly steps = new Map<string, Steps>();
  private readonly seen = new Set<number>();

  constructor(
    private readonly client: BerthaClient,
    private readonly run: string,
    private readonly signal: AbortSignal,
  ) {}

  /** The first look that finds the run training at a step or behind it, after everything that was done so far has been noticed. */
  async trainsAt(step: number): Promise<Training | null> {
    let found: Training | null = null;
    await this.until((view) => (found = this.training(view, step)) !== null, Infinity);
    return found;
  }

  /** Looks at the run until something holds, it has ended, our patience has, or the signal says stop. */
  async until(holds: (view: RunView) => boolean, patienceMs: number): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!this.signal.aborted) {
      // A server that is down is not news here.
      const view = await this.client.getRun(this.run).catch(() => null);
      if (view !== null) this.remember(view);
      const isOver = view !== null && (holds(view) || view.state !== 'running');
      if (isOver || Date.now() > deadline) return;
      await pause(LOOK_EVERY_MS, this.signal);
    }
  }

  private training({ progress, status }: RunView, from: number): Training | null {
    const since = Math.max(0, ...this.done.map(({ at, sign }) => sign?.at ?? at));
    if (progress === null || progress.jobName !== status?.jobName || progress.state !== 'training') return null;
    const { step, at, jobName, incarnation } = progress;
    const isThere = step !== null && step >= from && at !== null && at > since;
    return isThere ? { step, jobName, incarnation } : null;
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

function takeIn(done: Done, event: RunEvent): void {
  const { deed } = done;
  if (event.at < done.at) return;
  const isEnd = endOf(deed);
  if (done.sign === null && isSignOf(deed, event)) done.sign = event;
  if (done.sign !== null && (isEnd === null || isEnd(event))) done.over = true;
}
