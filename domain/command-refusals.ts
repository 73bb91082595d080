import type { Command, Operator, RunFacts } from './commands.js';

/** Shorter would train less than it saves; longer would lose more than a day to a preemption. */
const INTERVAL = { shortestSeconds: 5, longestSeconds: 86_400 };

/** Why a command is refused, in one sentence; null where it is taken. A command that was carried out before is taken again, without effect. */
export function refusalOf(command: Command, operator: Operator, run: RunFacts): string | null {
  if (operator.carriedOut.includes(command.id)) return null;
  if (run.ended) return 'the run has ended; start another, or take it up again with bertha start --continue';
  if (operator.canceled !== null && command.kind !== 'cancel')
    return 'the run is being canceled; nothing else can be asked of it';
  switch (command.kind) {
    case 'set-interval':
      return intervalRefusal(command);
    case 'set-deadline':
      return deadlineRefusal(command);
    case 'skip-window':
      return windowRefusal(command, run);
    case 'set-budget':
      return budgetRefusal(command, run);
    case 'recover-now':
      return run.jobName === null && !run.held
        ? 'no job is submitted, so there is nothing to recover; the run goes on by itself'
        : null;
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'wake-up':
      return null;
  }
}

function intervalRefusal({ seconds, steps }: Extract<Command, { kind: 'set-interval' }>): string | null {
  const { shortestSeconds, longestSeconds } = INTERVAL;
  if (seconds !== null && steps !== null) return `the interval is ${seconds} s or ${steps} steps, not both; say one`;
  const wrongSeconds = seconds !== null && !(seconds >= shortestSeconds && seconds <= longestSeconds);
  if (wrongSeconds) return `an interval of ${seconds} s is not between ${shortestSeconds} and ${longestSeconds} s`;
  const wrongSteps = steps !== null && !(Number.isInteger(steps) && steps >= 1);
  return wrongSteps ? `an interval of ${steps} steps is not a whole number from 1` : null;
}

/** A number below this is no time of today: somebody said seconds. */
const EARLIEST = Date.parse('2020-01-01T00:00:00Z');

function deadlineRefusal({ at }: Extract<Command, { kind: 'set-deadline' }>): string | null {
  const isTime = at === null || (Number.isInteger(at) && at >= EARLIEST && at <= 8.64e15);
  return isTime ? null : 'the deadline is no time; write it as 2026-12-24T18:00:00Z, or null for none';
}

function budgetRefusal({ amount }: Extract<Command, { kind: 'set-budget' }>, { money }: RunFacts): string | null {
  if (!(Number.isFinite(amount) && amount > 0)) return `a budget of ${amount} is none: say an amount above 0`;
  if (money === null || money === undefined)
    return 'no price of its nodes is known to measure a budget by, or none yet: say cost.pricePerNodeHour in the config, or ask again behind the preflight';
  const { spent, stop, currency } = money;
  if (amount >= spent + stop) return null;
  const least = (Math.ceil(100 * (spent + stop)) / 100).toFixed(2);
  return `a budget of ${amount} ${currency} cannot be kept: ${spent.toFixed(2)} are spent and ending the job may cost ${stop.toFixed(2)}; say ${least} at least, or end the run with bertha cancel`;
}

function windowRefusal({ phase, from, to }: Extract<Command, { kind: 'skip-window' }>, run: RunFacts): string | null {
  if (!run.phases.includes(phase)) return `there is no phase ${phase}; choose from ${run.phases.join(', ')}`;
  if (run.phasesDone.includes(phase)) return `phase ${phase} is done; a window of it cannot be passed over any more`;
  const isWindow = Number.isInteger(from) && Number.isInteger(to) && from >= 0 && to > from;
  return isWindow ? null : `samples ${from} to ${to} are no window: say whole numbers with 0 <= from < to`;
}
