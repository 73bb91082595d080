import type { RunPlan } from '../../domain/plan.js';
import type { Call } from '../call.js';
import { table, wrapped } from '../table.js';
import { clock } from '../words.js';

/** What a run does, what comes next and what that hangs on. */
export function planLines({ now: doing, next, paused }: RunPlan, now: number, width: number): string[] {
  const pause =
    paused === null ? [] : [['pause', `asked for by ${paused.by ?? 'somebody'} at ${clock(paused.at, now)}`]];
  return wrapped([['now', doing], ...pause, ['next', next]], width);
}

/** Commands that mean something to a run in this state. @param plan null where no worker could be asked */
export function commandLines(call: Pick<Call, 'command'>, run: string, plan: RunPlan | null): string[] {
  const waits = plan !== null && (plan.paused !== null || plan.held !== null);
  const steering = waits
    ? [[`resume ${run}`, 'let it go on']]
    : [
        [`pause ${run}`, 'save, end the job and pay nothing until resume'],
        [`recover ${run}`, 'end the job and submit the next attempt now'],
        [`set ${run} --checkpoint-seconds 600`, 'save more seldom, or more often'],
      ];
  const all = [...steering, [`logs ${run} -f`, 'what the trainer says'], [`cancel ${run}`, 'stop it']];
  return table(all.map(([words = '', what = '']) => [`  ${call.command(words)}`, what]));
}
