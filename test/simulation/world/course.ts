import { type SkipWindow, positionAfter } from '../../../domain/skip-windows.js';
import { GLOBAL_BATCH, type Schedule } from '../schedule.js';
import type { StoredCheckpoint } from './storage.js';

const NEVER = Infinity;
/** A spike is believed after so many steps. */
const PATIENCE_STEPS = 5;

/** Which steps a start of the trainer does when, and which of them spoil it: all of it follows from where it begins. */
export class Course {
  readonly step0: number;
  /** First step on samples that spoil the model; Infinity where none comes. */
  readonly poisonStep: number;
  /** When the trainer finds that out. */
  readonly spoiltAt: number;
  private readonly position0: number;

  /** @param trainFrom when its first step begins */
  constructor(
    private readonly schedule: Schedule,
    resume: StoredCheckpoint | null,
    private readonly skipWindows: readonly SkipWindow[],
    readonly trainFrom: number,
  ) {
    this.step0 = resume?.step ?? 0;
    this.position0 = resume?.position ?? 0;
    const spoilt = this.firstSpoilt();
    this.poisonStep = spoilt?.step ?? NEVER;
    const found = spoilt === null ? NEVER : spoilt.step + (spoilt.kind === 'nan' ? 0 : PATIENCE_STEPS);
    this.spoiltAt = found === NEVER ? NEVER : this.timeOf(found);
  }

  step(now: number): number {
    const { steps, stepSeconds } = this.schedule;
    return Math.min(steps, this.step0 + Math.max(0, Math.floor((now - this.trainFrom) / (stepSeconds * 1000))));
  }

  timeOf(step: number): number {
    return this.trainFrom + (step - this.step0) * this.schedule.stepSeconds * 1000;
  }

  /** Position in the sample order behind a step. */
  position(step: number): number {
    return positionAfter(this.position0, (step - this.step0) * GLOBAL_BATCH, this.skipWindows);
  }

  /** What the trainer says when it finds out. @param trusted step of the newest checkpoint from before */
  wordsAt(now: number, trusted: number | null) {
    const { poisonStep: step } = this;
    const isNan = now < this.timeOf(step + 1);
    if (isNan) return { reason: 'nan', message: 'the loss is NaN', exitCode: 5, step } as const;
    const spike = { step, before: trusted };
    return { reason: 'loss-spike', message: 'the loss rose', exitCode: 7, step: step + PATIENCE_STEPS, spike } as const;
  }

  private firstSpoilt(): { step: number; kind: 'spike' | 'nan' } | null {
    const isPassedOver = (position: number) =>
      this.skipWindows.some(({ from, to }) => position >= from && position < to);
    const found = this.schedule.poison
      .filter(({ position }) => position >= this.position0 && !isPassedOver(position))
      .map(({ position, kind }) => ({ step: this.stepThatUses(position), kind }))
      .sort((a, b) => a.step - b.step)[0];
    return found === undefined || found.step > this.schedule.steps ? null : found;
  }

  private stepThatUses(position: number): number {
    const passed = this.skipWindows.reduce(
      (sum, { from, to }) => sum + Math.max(0, Math.min(to, position) - Math.max(from, this.position0)),
      0,
    );
    return this.step0 + Math.floor((position - this.position0 - passed) / GLOBAL_BATCH) + 1;
  }
}
