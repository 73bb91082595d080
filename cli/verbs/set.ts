import type { Asked, BerthaClient } from '../../client.js';
import { Failure } from '../failure.js';
import type { Verb } from '../program.js';
import { type SteerOptions, byOption, numberOf, steer } from '../steer.js';

interface SetOptions extends SteerOptions {
  readonly checkpointSeconds?: number;
  readonly checkpointSteps?: number;
  readonly checkpointDefault?: boolean;
  readonly deadline?: string;
  readonly budget?: number;
}

export const setVerb: Verb = (program, act) => {
  program
    .command('set')
    .summary('change the checkpoint interval, the deadline or the budget of a run')
    .description(
      'Changes the checkpoint interval, the budget or the deadline of a run, for the job that trains and those after it. One of the options is needed.',
    )
    .argument('<run>', 'name of the run')
    .option('--checkpoint-seconds <n>', 'a checkpoint every so many seconds', numberOf('--checkpoint-seconds'))
    .option('--checkpoint-steps <n>', 'a checkpoint every so many steps', numberOf('--checkpoint-steps'))
    .option('--checkpoint-default', "the config's interval again")
    .option('--deadline <time>', 'when it must be done: a time with its zone, as 2026-12-24T18:00:00Z, or none')
    .option('--budget <amount>', "what all attempts may cost together, in the run's currency", numberOf('--budget'))
    .option(...byOption())
    .action(
      act<SetOptions>((call, options, run = '') => {
        const wish = wishOf(options);
        return steer(call, { verb: 'set', run, by: options.by }, (client, as) => wish(client, run, as));
      }),
    );
};

type Wish = (client: BerthaClient, run: string, as: Asked) => Promise<string>;

function wishOf(options: SetOptions): Wish {
  const { checkpointSeconds: seconds, checkpointSteps: steps, checkpointDefault, budget, deadline } = options;
  const wishes = [seconds, steps, checkpointDefault, budget, deadline].filter((wish) => wish !== undefined);
  if (wishes.length !== 1)
    throw new Failure(
      'usage',
      'set needs one of --checkpoint-seconds, --checkpoint-steps, --checkpoint-default, --deadline and --budget: what shall change?',
    );
  if (deadline !== undefined) return deadlineWish(deadline);
  if (budget !== undefined) return (client, run, as) => client.setBudget(run, budget, as);
  const every = { ...(seconds === undefined ? {} : { seconds }), ...(steps === undefined ? {} : { steps }) };
  return (client, run, as) => client.setCheckpointInterval(run, every, as);
}

function deadlineWish(deadline: string): Wish {
  const at = deadline === 'none' ? null : deadline;
  const isTime = at === null || (/T.*(Z|[+-]\d\d:?\d\d)$/.test(at) && Number.isFinite(Date.parse(at)));
  if (!isTime)
    throw new Failure(
      'usage',
      `--deadline ${deadline} is no time with its zone; write it as 2026-12-24T18:00:00Z, or none`,
    );
  return (client, run, as) => client.setDeadline(run, at, as);
}
