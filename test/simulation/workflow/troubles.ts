import type { CallName, Fault, Schedule } from '../schedule.js';

type Operator = Extract<Fault, { kind: 'operator' }>;
type Trap = Extract<Fault, { kind: 'worker-dies' }>;

/** Where a worker can die: the calls that an activity stands for. */
const CALLS: Readonly<Record<string, readonly CallName[]>> = {
  submitJob: ['submit'],
  watchJob: ['look', 'control'],
  endJob: ['prove', 'cancel'],
  findCheckpoint: ['ladder'],
  collectEvidence: ['evidence'],
  record: ['record'],
  letGoCheckpoints: ['retention'],
  claimRun: ['claim'],
};

/** Faults that strike who runs the workflow, and messages of operators. Times are milliseconds of the world. */
export class Troubles {
  downUntil = 0;
  /** Temporal has forgotten the run, and nobody has taken it up yet. */
  lost = false;
  /** Messages that wait for a moment in which they can be sent. */
  readonly mail: Operator[] = [];
  /** When Temporal was lost last, or a message was taken: a person who is called comes so long after that. */
  lastAt = 0;
  private readonly traps: Trap[] = [];
  private readonly times: readonly number[];

  constructor(schedule: Schedule) {
    const ours = schedule.faults.filter(({ kind }) => KINDS.includes(kind));
    this.times = ours.map(({ at }) => at * 1000);
  }

  strike(fault: Fault): void {
    const at = fault.at * 1000;
    if (fault.kind === 'temporal-lost') this.lastAt = at;
    if (fault.kind === 'operator') this.mail.push(fault);
    if (fault.kind === 'worker-dies') this.traps.push(fault);
    if (fault.kind === 'worker-down') this.down(at, fault.seconds);
    if (fault.kind !== 'temporal-lost') return;
    // Asked of a workflow that had not read the past yet, and is lost with it.
    if (this.lost) this.mail.length = 0;
    this.lost = true;
  }

  /** When the next of them strikes; Infinity where none does. */
  nextAt(now: number): number {
    return this.times.find((at) => at > now) ?? Infinity;
  }

  /** The death that this call meets. */
  sprung(activity: string, tells: boolean): Trap | null {
    const calls = (CALLS[activity] ?? []).filter((call) => call !== 'control' || tells);
    const index = this.traps.findIndex(({ call }) => calls.includes(call));
    return index < 0 ? null : (this.traps.splice(index, 1)[0] ?? null);
  }

  down(now: number, seconds: number): void {
    this.downUntil = Math.max(this.downUntil, now + seconds * 1000);
  }
}

const KINDS: readonly Fault['kind'][] = ['operator', 'worker-dies', 'worker-down', 'temporal-lost'];
