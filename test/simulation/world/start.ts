import type { Control } from '../../../domain/control.js';
import type { LastWords } from '../../../domain/endings/evidence.js';
import type { HeartbeatSight } from '../../../domain/watch/sighting.js';
import { Course } from './course.js';
import { SPEND_UNTIL, completion, departure, refusal, spoiling, unexplained } from './exits.js';
import type { StartSummary } from './job.js';
import type { Exit, Origin } from './origin.js';
import { Saving } from './saving.js';
import { type StoredCheckpoint, isSound } from './storage.js';

const BEAT_MS = 10_000;
const RESTORE_MS = 40_000;
const EVALUATE_SECONDS = 60;
const RETRY_MS = 60_000;
const NEVER = Infinity;

/** control.json as a trainer reads it. */
export type Told = Pick<Control, 'sequence' | 'checkpointNow' | 'checkpointSeconds' | 'stop'> & {
  /** Virtual milliseconds; null for ever. */
  readonly spendUntil: number | null;
};

/** One start of the trainer: where it is follows from the time; what it writes happens at times of its own. */
export class Start {
  readonly beatFrom: number;
  over = false;
  words: LastWords | null = null;
  warnedAt = NEVER;
  stuckAt = NEVER;
  ackedSequence = 0;
  ackedCheckpoints = 0;
  readonly course: Course;
  private readonly saving: Saving;
  private frozenAt = NEVER;
  private stalledAt = NEVER;
  /** When its processes were gone. */
  overAt = NEVER;
  /** By itself, with a last word. */
  private left = false;
  private interval: number;
  private wanted: Told | null = null;
  private leaveCode: number | null = null;
  private exit: Exit | null = null;
  // Times of what comes next.
  private saveAt: number;
  private finishAt: number;
  private spoiltAt: number;
  private controlAt = NEVER;
  private exitAt = NEVER;
  /** When it may go on no longer, as far as it was told. */
  spendUntil = NEVER;

  constructor(
    private readonly origin: Origin,
    now: number,
  ) {
    const { schedule, resume, skipWindows } = origin;
    this.beatFrom = now + (schedule.bootSeconds + origin.extraBootSeconds) * 1000;
    this.course = new Course(schedule, resume, skipWindows, this.beatFrom + RESTORE_MS);
    this.saving = new Saving(origin, this.course);
    this.interval = schedule.checkpointSeconds * 1000;
    this.saveAt = this.course.trainFrom + this.interval;
    this.finishAt = this.course.timeOf(schedule.steps);
    this.spoiltAt = this.course.spoiltAt;
    const lease = schedule.money?.leaseSeconds ?? null;
    if (lease !== null) this.spendUntil = this.course.trainFrom + lease * 1000;
    if (resume !== null && !isSound(resume)) this.refuse(resume);
  }

  nextAt(): number {
    if (this.over || this.frozenAt < NEVER) return NEVER;
    const leaveAt = this.leaveCode === null && this.stalledAt === NEVER ? this.spendUntil : NEVER;
    const own = [this.saveAt, this.saving.wholeAt, this.finishAt, this.spoiltAt, this.controlAt, this.exitAt];
    return Math.min(leaveAt, ...own);
  }

  happen(now: number): void {
    if (now >= this.exitAt) return this.leave(now);
    if (now >= this.saving.wholeAt) return this.completeSave(now);
    if (now >= this.controlAt) return this.obey(now);
    if (now >= this.spoiltAt) return this.spoilt(now);
    if (now >= this.finishAt) return this.finish(now);
    if (now >= this.saveAt) return this.save(now);
    return this.leaveAfterSave(now, SPEND_UNTIL);
  }

  step(now: number): number {
    return this.course.step(Math.min(now, this.frozenAt, this.stalledAt));
  }

  heartbeat(now: number): HeartbeatSight | null {
    const until = Math.min(now, this.frozenAt, this.overAt);
    if (until < this.beatFrom) return null;
    return {
      incarnation: this.origin.incarnation,
      sequence: 1 + Math.floor((until - this.beatFrom) / BEAT_MS) + (this.left ? 1 : 0),
      state: this.state(until),
      step: this.step(until),
      warned: until >= this.warnedAt,
      gone: this.left,
      stuck: until >= this.stuckAt,
    };
  }

  summary(now: number): StartSummary {
    const { trainFrom, step0 } = this.course;
    return {
      ...{ trainFrom, step0, savedAt: this.saving.at, newestBefore: this.origin.newestBefore },
      until: Math.min(now, this.overAt),
      steps: this.step(now),
    };
  }

  get nodes(): readonly string[] {
    return this.origin.nodes;
  }

  /** Killed from outside: not a word more. */
  kill(now: number): void {
    this.over = true;
    this.overAt = Math.min(this.overAt, now);
    this.saving.abandon();
  }

  freeze(now: number): void {
    this.frozenAt = Math.min(this.frozenAt, now);
  }

  stall(now: number): void {
    this.stalledAt = Math.min(this.stalledAt, now);
    this.saveAt = this.saving.wholeAt = this.finishAt = this.spoiltAt = NEVER;
  }

  saveNothing(): void {
    this.saving.savesNothing = true;
  }

  exitSoon(now: number, seconds: number, exit: Exit): void {
    if (this.exit !== null) return;
    this.exit = exit;
    this.exitAt = now + seconds * 1000;
  }

  /** SIGTERM: saves at the next step boundary and leaves. */
  warn(now: number): void {
    this.warnedAt = Math.min(this.warnedAt, now + 1000);
    this.origin.onNotice();
    if (this.leaveCode === null) this.leaveAfterSave(now, 6);
  }

  /** Number of the newest control.json in its folder; 0 where there is none. */
  get toldSequence(): number {
    return Math.max(this.ackedSequence, this.wanted?.sequence ?? 0);
  }

  /** control.json as it lies in the folder; read with a later heartbeat. */
  tell(control: Told, now: number): void {
    this.wanted = control;
    if (this.controlAt === NEVER) this.controlAt = now + BEAT_MS;
  }

  isTraining(now: number): boolean {
    return !this.over && now >= this.course.trainFrom && this.state(now) === 'training' && this.frozenAt === NEVER;
  }

  private state(now: number): string {
    if (now < this.course.trainFrom) return 'restoring';
    const isDone = this.finishAt === NEVER && this.saving.step >= this.origin.schedule.steps;
    return this.exit?.code === 0 || isDone ? 'evaluating' : 'training';
  }

  private refuse(resume: StoredCheckpoint): void {
    this.origin.onCause('refused');
    this.exitSoon(this.beatFrom, 10, refusal(resume));
  }

  private spoilt(now: number): void {
    const { cause, ...exit } = spoiling(this.course.wordsAt(now, this.saving.trusted));
    this.origin.onCause(cause);
    this.spoiltAt = NEVER;
    this.exitSoon(now, 0, { ...exit, cause });
  }

  private save(now: number): void {
    const isDown = this.origin.storage.downUntil > now;
    this.saveAt = isDown ? now + RETRY_MS : NEVER;
    if (!isDown && !this.saving.begin(now, this.step(now))) this.afterSave(now);
  }

  private completeSave(now: number): void {
    this.saving.complete(now);
    this.afterSave(now);
  }

  private afterSave(now: number): void {
    this.ackedCheckpoints = this.wanted?.checkpointNow ?? this.ackedCheckpoints;
    const isFinished = this.saving.step >= this.origin.schedule.steps;
    if (this.leaveCode !== null && !isFinished) return this.leaveSoon(now, this.leaveCode, this.step(now));
    if (isFinished) {
      this.finishAt = NEVER;
      return this.exitSoon(now, EVALUATE_SECONDS, completion);
    }
    this.saveAt = now + (this.finishAt <= now ? RETRY_MS : this.interval);
  }

  private finish(now: number): void {
    this.finishAt = NEVER;
    if (!this.saving.isWriting) this.saveAt = now;
  }

  private leaveAfterSave(now: number, code: number): void {
    this.leaveCode = code;
    if (now < this.course.trainFrom) return this.leaveSoon(now, code, null);
    const canSave = this.stalledAt === NEVER && !this.saving.isWriting;
    if (canSave) this.saveAt = now + this.origin.schedule.stepSeconds * 1000;
  }

  private leaveSoon(now: number, code: number, step: number | null): void {
    this.exitSoon(now, 1, departure(code, step));
  }

  private obey(now: number): void {
    this.controlAt = NEVER;
    const { wanted } = this;
    if (wanted === null || this.stalledAt < NEVER) return;
    if (now < this.course.trainFrom) {
      this.controlAt = this.course.trainFrom;
      return;
    }
    this.ackedSequence = wanted.sequence;
    if (wanted.checkpointSeconds !== null && wanted.checkpointSeconds > 0) {
      this.interval = wanted.checkpointSeconds * 1000;
      if (this.saveAt < NEVER) this.saveAt = Math.min(this.saveAt, now + this.interval);
    }
    this.spendUntil = Math.max(now, wanted.spendUntil ?? NEVER);
    if (wanted.stop !== null) return this.leaveAfterSave(now, 6);
    const isAsked = wanted.checkpointNow > this.ackedCheckpoints && !this.saving.isWriting;
    if (isAsked) this.saveAt = Math.min(this.saveAt, now + 1000);
  }

  private leave(now: number): void {
    this.over = this.left = true;
    this.overAt = now;
    const exit = this.exit ?? unexplained;
    this.words = exit.words;
    this.origin.onNotice();
    this.origin.onExit(exit);
  }
}
