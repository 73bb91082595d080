import type { LastWords } from '../../../domain/endings/evidence.js';
import type { CheckpointRef } from '../../../domain/checkpoints.js';
import type { SkipWindow } from '../../../domain/skip-windows.js';
import { DEDICATED, type Face, type Mishap } from '../schedule.js';
import type { Exit } from './origin.js';
import type { Start } from './start.js';

/** What a job is submitted with. */
export interface JobRequest {
  readonly name: string;
  readonly attempt: string;
  /** Name of its cluster. */
  readonly cluster: string;
  readonly resume: CheckpointRef | null;
  readonly skipWindows: readonly SkipWindow[];
  /** `limits.timeout`; null for none. */
  readonly timeoutSeconds: number | null;
}

/** What can strike a job; its ending is to be called after it. */
export type Cause =
  | Exclude<Face, 'not-responding'>
  | Mishap
  | 'refused'
  | 'damaged'
  | 'loss-spike'
  | 'nan'
  | 'no-capacity'
  | 'over-quota'
  | 'stuck-Queued'
  | 'stuck-Preparing'
  | 'stuck-Finalizing'
  | 'stuck-CancelRequested';

/** What a start of the trainer came to. */
export interface StartSummary {
  readonly trainFrom: number;
  readonly until: number;
  readonly step0: number;
  readonly steps: number;
  /** When its last checkpoint was whole; 0 where it saved none. */
  readonly savedAt: number;
  /** Step of the newest checkpoint that the job had when it began. */
  readonly newestBefore: number;
}

export type TerminalStatus = 'Completed' | 'Failed' | 'Canceled';

/** Facts of a job in the workspace; `World` moves it. */
export class SimJob {
  status = 'Queued';
  /** When its state changes by itself; Infinity for never. */
  moveAt: number;
  start: Start | null = null;
  /** Starts before this one, whose files lie there still. */
  readonly startsBefore: Start[] = [];
  starts = 0;
  holdsNodes = false;
  /** Since when it holds them, and how long it held others before. */
  private heldSince = 0;
  private heldBefore = 0;
  /** When its timeout is over; Infinity before it first had nodes, and once that was acted on. */
  timeoutAt = Infinity;
  nodes: readonly string[] = [];
  error: { readonly code: string; readonly message: string } | null = null;
  cancelReason: string | null = null;
  readonly warnings: string[] = [];
  words: LastWords | null = null;
  exit: Exit | null = null;
  ranFrom: number | null = null;
  endedAt: number | null = null;
  cancelAskedAt = Infinity;
  stuckIn: string | null = null;
  extraStartSeconds = 0;
  /** Faults that struck it, in order. */
  readonly causes: Cause[] = [];
  /** The fault that made its processes or Azure end it, where one did. */
  exitedBy: Cause | null = null;
  readonly summaries: StartSummary[] = [];

  constructor(
    readonly request: JobRequest,
    readonly submittedAt: number,
  ) {
    this.moveAt = submittedAt + 30_000;
  }

  /** Starts whose trainer came as far as its first heartbeat, oldest first. */
  beating(now: number): readonly Start[] {
    const all = this.start === null ? this.startsBefore : [...this.startsBefore, this.start];
    return all.filter((one) => one.heartbeat(now) !== null);
  }

  get isDedicated(): boolean {
    return this.request.cluster === DEDICATED;
  }

  get isOver(): boolean {
    return this.status === 'Completed' || this.status === 'Failed' || this.status === 'Canceled';
  }

  nextAt(): number {
    return this.isOver ? Infinity : Math.min(this.moveAt, this.timeoutAt, this.start?.nextAt() ?? Infinity);
  }

  hold(now: number): void {
    this.holdsNodes = true;
    this.heldSince = now;
    // A start in place does not begin it anew.
    if (this.ranFrom === null) this.timeoutAt = now + (this.request.timeoutSeconds ?? Infinity) * 1000;
    this.ranFrom ??= now;
  }

  release(now: number): void {
    this.heldBefore = this.heldMs(now);
    this.holdsNodes = false;
  }

  /** So long it has held nodes, in all. */
  heldMs(now: number): number {
    return this.heldBefore + (this.holdsNodes ? now - this.heldSince : 0);
  }
}
