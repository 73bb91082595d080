import type { SetDeadline } from './deadline/at.js';
import type { MoneyFacts } from './money/budget.js';
import type { SkipWindow } from './skip-windows.js';
import { mergedWindows } from './skip-windows.js';

/** What an operator can ask of a run; each has an id, made by the caller, and is carried out once however often it arrives. */
export type Command = {
  readonly id: string;
  /** Who asks, as far as the caller says. */ readonly by: string | null;
} & (
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'cancel'; readonly reason: string | null }
  /** Both null: back to the config's. */
  | { readonly kind: 'set-interval'; readonly seconds: number | null; readonly steps: number | null }
  /** Epoch milliseconds; null for none, whatever the config says. */
  | { readonly kind: 'set-deadline'; readonly at: number | null }
  | ({ readonly kind: 'skip-window'; readonly phase: string } & SkipWindow)
  /** What all attempts may cost together, in the run's currency. */
  | { readonly kind: 'set-budget'; readonly amount: number }
  | { readonly kind: 'recover-now' }
  | { readonly kind: 'wake-up' }
);
export type CommandKind = Command['kind'];

/** What the operators' commands add up to; part of the run's state, passed on when it continues as new. */
export interface Operator {
  /** Ids of the last commands, oldest first. */
  readonly carriedOut: readonly string[];
  /** While set, the job is saved and ended, and none is submitted. */
  readonly paused: { readonly at: number; readonly by: string | null } | null;
  readonly canceled: { readonly at: number; readonly by: string | null; readonly reason: string | null } | null;
  readonly interval: { readonly seconds: number | null; readonly steps: number | null } | null;
  /** In place of the config's; absent or null: the config's holds. */
  readonly deadline?: SetDeadline | null;
  /** What all attempts may cost together, in the run's currency; null or absent: as the config says. */
  readonly budget?: number | null;
  readonly skipWindows: Readonly<Record<string, readonly SkipWindow[]>>;
  /** Set until the open job has been ended for it. */
  readonly recoverNow: boolean;
  /** Set by `resume` or `recover-now` until the hold that it answers is left. */
  readonly released: boolean;
  /** Wake-ups so far: the watch looks at once when it grows. */
  readonly wakeUps: number;
}

export const newOperator = (): Operator => ({
  carriedOut: [],
  paused: null,
  canceled: null,
  interval: null,
  skipWindows: {},
  recoverNow: false,
  released: false,
  wakeUps: 0,
});

/** What a validator may look at: facts of the run at this moment. */
export interface RunFacts {
  readonly ended: boolean;
  /** The job that is submitted and not settled. */
  readonly jobName: string | null;
  readonly held: boolean;
  /** Names of the config's phases, and those that are done. */
  readonly phases: readonly string[];
  readonly phasesDone: readonly string[];
  /** Null or absent where no price is known. */
  readonly money?: MoneyFacts | null;
}

const IDS_KEPT = 100;

export interface Obeyed {
  readonly operator: Operator;
  /** What changed, in words; null where the command was carried out before or changes nothing. */
  readonly effect: string | null;
}

/** Carries out a command that is not refused (`command-refusals.ts`). @param at epoch milliseconds */
export function obey(command: Command, operator: Operator, run: RunFacts, at: number): Obeyed {
  if (operator.carriedOut.includes(command.id)) return { operator, effect: null };
  const noted = { ...operator, carriedOut: [...operator.carriedOut, command.id].slice(-IDS_KEPT) };
  const { by } = command;
  switch (command.kind) {
    case 'pause':
      if (noted.paused !== null) return { operator: noted, effect: null };
      return {
        operator: { ...noted, paused: { at, by } },
        effect: 'the job saves and ends; nothing is paid until bertha resume',
      };
    case 'resume': {
      const goesOn = noted.paused !== null || run.held;
      const resumed = { ...noted, paused: null, released: run.held };
      return { operator: resumed, effect: goesOn ? 'the next attempt is submitted' : null };
    }
    case 'cancel':
      if (noted.canceled !== null) return { operator: noted, effect: null };
      return {
        operator: { ...noted, canceled: { at, by, reason: command.reason } },
        effect: command.reason ?? 'the job is ended and the report written',
      };
    case 'set-interval':
      return { operator: { ...noted, interval: intervalOf(command) }, effect: intervalWords(command) };
    case 'set-deadline':
      return { operator: { ...noted, deadline: { at: command.at } }, effect: deadlineWords(command.at) };
    case 'set-budget':
      return { operator: { ...noted, budget: command.amount }, effect: budgetWords(command.amount, run.money ?? null) };
    case 'skip-window':
      return {
        operator: withWindow(noted, command),
        effect: `samples ${command.from} to ${command.to} of phase ${command.phase} are passed over from the next attempt on`,
      };
    case 'recover-now':
      if (noted.recoverNow && !run.held) return { operator: noted, effect: null };
      return {
        operator: { ...noted, recoverNow: run.jobName !== null, released: run.held },
        effect: 'the job saves and ends, and the next attempt is submitted at once',
      };
    case 'wake-up':
      return { operator: { ...noted, wakeUps: noted.wakeUps + 1 }, effect: null };
  }
}

/** What operators asked of a run that is taken up, and behind it what they asked of its new workflow while that still read the past. */
export const withLater = (before: Operator, later: readonly Command[], run: RunFacts, at: number): Operator =>
  later.reduce((operator, command) => obey(command, operator, run, at).operator, before);

function intervalOf({ seconds, steps }: Extract<Command, { kind: 'set-interval' }>): Operator['interval'] {
  return seconds === null && steps === null ? null : { seconds, steps };
}

function intervalWords({ seconds, steps }: Extract<Command, { kind: 'set-interval' }>): string {
  if (seconds !== null) return `a checkpoint every ${seconds} s`;
  return steps === null ? "checkpoints at the config's interval again" : `a checkpoint every ${steps} steps`;
}

const deadlineWords = (at: number | null) =>
  at === null
    ? 'the run has no deadline; the next job goes to the first cluster'
    : `the run must be done by ${new Date(at).toISOString()}`;

const budgetWords = (amount: number, money: MoneyFacts | null) =>
  money === null
    ? `all attempts together may cost ${amount}`
    : `all attempts together may cost ${amount} ${money.currency}, of which ${money.spent.toFixed(2)} are spent`;

function withWindow(operator: Operator, { phase, from, to }: Extract<Command, { kind: 'skip-window' }>): Operator {
  const windows = mergedWindows([...(operator.skipWindows[phase] ?? []), { from, to }]);
  return { ...operator, skipWindows: { ...operator.skipWindows, [phase]: windows } };
}

/** After the job was ended for `recover-now`, or a hold was left: the wish is fulfilled. */
export const fulfilled = (operator: Operator): Operator => ({ ...operator, recoverNow: false, released: false });

/** Beginning of an event's sentence. */
export const commandWords: Record<CommandKind, string> = {
  pause: 'paused',
  resume: 'resumed',
  cancel: 'canceled',
  'set-interval': 'checkpoint interval set',
  'set-deadline': 'deadline set',
  'skip-window': 'samples passed over',
  'set-budget': 'budget set',
  'recover-now': 'recovery asked for',
  'wake-up': 'woken up',
};
