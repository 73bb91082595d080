import type { Control } from '../../../domain/control.js';
import type { LastWords } from '../../../domain/endings/evidence.js';
import { type SkipWindow, positionAfter } from '../../../domain/skip-windows.js';
import type { HeartbeatSight } from '../../../domain/watch/sighting.js';
import { GLOBAL_BATCH, type Schedule } from '../schedule.js';
import type { Cause, StartSummary } from './job.js';
import { type Storage, type StoredCheckpoint, isSound } from './storage.js';

const BEAT_MS = 10_000;
const RESTORE_MS = 40_000;
const WRITE_MS = 5_000;
const EVALUATE_MS = 60_000;
const RETRY_MS = 60_000;
const PATIENCE_STEPS = 5;
const NEVER = Infinity;

export interface Exit {
  readonly code: number;
  readonly words: LastWords | null;
  /** The fault behind it, where one is. */
  readonly cause: Cause | null;
}

/** What a start of the trainer begins with, and where it writes. */
export interface Origin {
  readonly schedule: Schedule;
  readonly storage: Storage;
  readonly attempt: string;
  readonly incarnation: string;
  readonly nodes: readonly string[];
  readonly resume: StoredCheckpoint | null;
  readonly skipWindows: readonly SkipWindow[];
  /** Called once, when the trainer's processes end by themselves. */
  readonly onExit: (exit: Exit) => void;
  readonly onCause: (cause: Cause) => void;
  readonly newestBefore: number;
  /** How much longer than usual it takes to the first heartbeat. */
  readonly extraBootSeconds: number;
}

/** One start of the trainer: where it is follows from the time; what it writes happens at times of its own. */
export class Start {
  readonly beatFrom: number;
  over = false;
  words: LastWords | null = null;
  warnedAt = NEVER;
  stuckAt = NEVER;
  ackedSequence = 0;
  ackedCheckpoints = 0;
  private frozenAt = NEVER;
  private stalledAt = NEVER;
  private savesNothing = false;
  private readonly trainFrom: number;
  private readonly step0: number;
  private readonly position0: number;
  private readonly poisonStep: number;
  private parent: StoredCheckpoint['parent'];
  private saved: number;
  private savedAt = 0;
  private overAt = NEVER;
  private trusted: number | null;
  private interval: number;
  private wanted: Control | null = null;
  private leaveCode: number | null = null;
  private writing: StoredCheckpoint | null = null;
  // Times of what comes next.
  private saveAt: number;
  private wholeAt = NEVER;
  private finishAt: number;
  private spoiltAt = NEVER;
  private controlAt = NEVER;
  private exitAt = NEVER;
  private exit: Exit | null = null;

  constructor(
    private readonly origin: Origin,
    now: number,
  ) {
    const { schedule, resume } = origin;
    this.beatFrom = now + (schedule.bootSeconds + origin.extraBootSeconds) * 1000;
    this.trainFrom = this.beatFrom + RESTORE_MS;
    this.step0 = resume?.step ?? 0;
    this.position0 = resume?.position ?? 0;
    this.saved = this.step0;
    this.trusted = resume?.step ?? null;
    this.parent =
      resume === null ? null : { attempt: resume.attempt, incarnation: resume.incarnation, step: resume.step };
    this.interval = schedule.checkpointSeconds * 1000;
    this.saveAt = this.trainFrom + this.interval;
    this.finishAt = this.timeOf(schedule.steps);
    const spoilt = this.firstSpoiltStep();
    this.poisonStep = spoilt?.step ?? NEVER;
    if (spoilt !== null)
      this.spoiltAt = this.timeOf(spoilt.kind === 'nan' ? spoilt.step : spoilt.step + PATIENCE_STEPS);
    if (resume !== null && !isSound(resume)) this.refuse(resume);
  }

  nextAt(): number {
    if (this.over || this.frozenAt < NEVER) return NEVER;
    return Math.min(this.saveAt, this.wholeAt, this.finishAt, this.spoiltAt, this.controlAt, this.exitAt);
  }

  happen(now: number): void {
    if (now >= this.exitAt) return this.leave(now);
    if (now >= this.wholeAt) return this.completeSave(now);
    if (now >= this.controlAt) return this.obey(now);
    if (now >= this.spoiltAt) return this.spoilt(now);
    if (now >= this.finishAt) return this.finish(now);
    return this.save(now);
  }

  step(now: number): number {
    const until = Math.min(now, this.frozenAt, this.stalledAt);
    const { steps, stepSeconds } = this.origin.schedule;
    return Math.min(steps, this.step0 + Math.max(0, Math.floor((until - this.trainFrom) / (stepSeconds * 1000))));
  }

  heartbeat(now: number): HeartbeatSight | null {
    if (now < this.beatFrom) return null;
    const until = Math.min(now, this.frozenAt);
    return {
      incarnation: this.origin.incarnation,
      sequence: 1 + Math.floor((until - this.beatFrom) / BEAT_MS) + (this.over ? 1 : 0),
      state: this.state(until),
      step: this.step(until),
      warned: until >= this.warnedAt,
      gone: this.over,
      stuck: until >= this.stuckAt,
    };
  }

  summary(now: number): StartSummary {
    const { trainFrom, step0, savedAt } = this;
    return {
      trainFrom,
      step0,
      savedAt,
      until: Math.min(now, this.overAt),
      steps: this.step(now),
      newestBefore: this.origin.newestBefore,
    };
  }

  get nodes(): readonly string[] {
    return this.origin.nodes;
  }

  /** Killed from outside: not a word more. */
  kill(): void {
    this.over = true;
    this.writing = null;
  }

  freeze(now: number): void {
    this.frozenAt = Math.min(this.frozenAt, now);
  }

  stall(now: number): void {
    this.stalledAt = Math.min(this.stalledAt, now);
    this.saveAt = this.wholeAt = this.finishAt = this.spoiltAt = NEVER;
  }

  saveNothing(): void {
    this.savesNothing = true;
  }

  exitSoon(now: number, seconds: number, exit: Exit): void {
    if (this.exit !== null) return;
    this.exit = exit;
    this.exitAt = now + seconds * 1000;
  }

  /** SIGTERM: saves at the next step boundary and leaves. */
  warn(now: number): void {
    this.warnedAt = Math.min(this.warnedAt, now + 1000);
    if (this.leaveCode === null) this.leaveAfterSave(now, 6);
  }

  /** control.json as it lies in the folder; read with a later heartbeat. */
  tell(control: Control, now: number): void {
    this.wanted = control;
    if (this.controlAt === NEVER) this.controlAt = now + BEAT_MS;
  }

  isTraining(now: number): boolean {
    return !this.over && now >= this.trainFrom && this.state(now) === 'training' && this.frozenAt === NEVER;
  }

  private state(now: number): string {
    if (now < this.trainFrom) return 'restoring';
    if (this.exit?.code === 0 || (this.finishAt === NEVER && this.saved >= this.origin.schedule.steps))
      return 'evaluating';
    return 'training';
  }

  private timeOf(step: number): number {
    return this.trainFrom + (step - this.step0) * this.origin.schedule.stepSeconds * 1000;
  }

  private firstSpoiltStep(): { step: number; kind: 'spike' | 'nan' } | null {
    const { schedule, skipWindows } = this.origin;
    const found = schedule.poison
      .filter(({ position }) => position >= this.position0)
      .filter(({ position }) => !skipWindows.some(({ from, to }) => position >= from && position < to))
      .map(({ position, kind }) => ({ step: this.stepThatUses(position), kind }))
      .sort((a, b) => a.step - b.step)[0];
    return found === undefined || found.step > schedule.steps ? null : found;
  }

  private stepThatUses(position: number): number {
    const { skipWindows } = this.origin;
    const passed = skipWindows.reduce(
      (sum, { from, to }) => sum + Math.max(0, Math.min(to, position) - Math.max(from, this.position0)),
      0,
    );
    return this.step0 + Math.floor((position - this.position0 - passed) / GLOBAL_BATCH) + 1;
  }

  private refuse(resume: StoredCheckpoint): void {
    this.origin.onCause('refused');
    const message = `checkpoint ${resume.path} does not verify`;
    const words = { reason: 'bad-checkpoint', message, exitCode: 4 };
    this.exitSoon(this.beatFrom, 10, { code: 4, words, cause: 'refused' });
  }

  private spoilt(now: number): void {
    const nan = now < this.timeOf(this.poisonStep + 1);
    this.origin.onCause(nan ? 'nan' : 'loss-spike');
    const spike = { step: this.poisonStep, before: this.trusted };
    const words = nan
      ? { reason: 'nan', message: 'the loss is NaN', exitCode: 5, step: this.poisonStep }
      : { reason: 'loss-spike', message: 'the loss rose', exitCode: 7, step: this.poisonStep + PATIENCE_STEPS, spike };
    this.spoiltAt = NEVER;
    this.exitSoon(now, 0, { code: words.exitCode, words, cause: nan ? 'nan' : 'loss-spike' });
  }

  private save(now: number): void {
    this.saveAt = NEVER;
    const step = this.step(now);
    if (this.origin.storage.downUntil > now) {
      this.saveAt = now + RETRY_MS;
      return;
    }
    if (step <= this.saved || this.savesNothing) return this.afterSave(now);
    const { attempt, incarnation, storage, skipWindows } = this.origin;
    const position = positionAfter(this.position0, (step - this.step0) * GLOBAL_BATCH, skipWindows);
    const tainted = step >= this.poisonStep;
    this.writing = storage.begin({ attempt, incarnation, step, position, parent: this.parent, tainted });
    this.wholeAt = now + WRITE_MS;
  }

  private completeSave(now: number): void {
    this.wholeAt = NEVER;
    const { writing } = this;
    if (writing === null) return;
    this.origin.storage.complete(writing, now);
    this.writing = null;
    this.saved = writing.step;
    this.savedAt = now;
    if (!writing.tainted) this.trusted = writing.step;
    this.parent = { attempt: writing.attempt, incarnation: writing.incarnation, step: writing.step };
    this.afterSave(now);
  }

  private afterSave(now: number): void {
    this.ackedCheckpoints = this.wanted?.checkpointNow ?? this.ackedCheckpoints;
    const finished = this.saved >= this.origin.schedule.steps;
    if (this.leaveCode !== null && !finished) {
      const words = { reason: 'interrupted', message: 'told to leave', exitCode: this.leaveCode, step: this.step(now) };
      return this.exitSoon(now, 1, { code: this.leaveCode, words, cause: null });
    }
    if (finished) {
      this.finishAt = NEVER;
      return this.exitSoon(now, EVALUATE_MS / 1000, {
        code: 0,
        words: { reason: 'completed', message: 'done', exitCode: 0 },
        cause: null,
      });
    }
    this.saveAt = now + (this.finishAt <= now ? RETRY_MS : this.interval);
  }

  private finish(now: number): void {
    this.finishAt = NEVER;
    if (this.wholeAt === NEVER) this.saveAt = now;
  }

  private leaveAfterSave(now: number, code: number): void {
    this.leaveCode = code;
    if (now < this.trainFrom)
      return this.exitSoon(now, 1, {
        code,
        words: { reason: 'interrupted', message: 'told to leave', exitCode: code },
        cause: null,
      });
    if (this.stalledAt === NEVER && this.wholeAt === NEVER) this.saveAt = now + this.origin.schedule.stepSeconds * 1000;
  }

  private obey(now: number): void {
    this.controlAt = NEVER;
    const { wanted } = this;
    if (wanted === null || this.stalledAt < NEVER || now < this.trainFrom) {
      if (wanted !== null && now < this.trainFrom) this.controlAt = this.trainFrom;
      return;
    }
    this.ackedSequence = wanted.sequence;
    if (wanted.checkpointSeconds !== null && wanted.checkpointSeconds > 0) {
      this.interval = wanted.checkpointSeconds * 1000;
      if (this.saveAt < NEVER) this.saveAt = Math.min(this.saveAt, now + this.interval);
    }
    if (wanted.stop !== null) return this.leaveAfterSave(now, 6);
    if (wanted.checkpointNow > this.ackedCheckpoints && this.wholeAt === NEVER)
      this.saveAt = Math.min(this.saveAt, now + 1000);
  }

  private leave(now: number): void {
    this.over = true;
    this.overAt = now;
    const exit = this.exit ?? { code: 1, words: null, cause: null };
    this.words = exit.words;
    this.origin.onExit(exit);
  }
}
