import type { Call } from '../call.js';
import { Failure } from '../failure.js';
import type { Verb } from '../program.js';
import { type SteerOptions, byOption, numberOf, steer } from '../steer.js';

interface SetOptions extends SteerOptions {
  readonly checkpointSeconds?: number;
  readonly checkpointSteps?: number;
  readonly checkpointDefault?: boolean;
  readonly deadline?: string;
}

export const setVerb: Verb = (program, act) => {
  program
    .command('set')
    .summary('change the checkpoint interval or the deadline of a run')
    .description(
      'Changes the checkpoint interval of a run, of the job that trains and of those after it, or its deadline. One of the options is needed.',
    )
    .argument('<run>', 'name of the run')
    .option('--checkpoint-seconds <n>', 'a checkpoint every so many seconds', numberOf('--checkpoint-seconds'))
    .option('--checkpoint-steps <n>', 'a checkpoint every so many steps', numberOf('--checkpoint-steps'))
    .option('--checkpoint-default', "the config's interval again")
    .option('--deadline <time>', 'when it must be done: a time with its zone, as 2026-12-24T18:00:00Z, or none')
    .option(...byOption())
    .action(
      act<SetOptions>((call, options, run = '') => {
        if (options.deadline !== undefined) return setDeadline(call, options, run);
        const every = intervalOf(options);
        return steer(call, { verb: 'set', run, by: options.by }, (client, as) =>
          client.setCheckpointInterval(run, every, as),
        );
      }),
    );
};

function setDeadline(call: Call, options: SetOptions, run: string): Promise<number> {
  const { deadline = '', checkpointSeconds, checkpointSteps, checkpointDefault } = options;
  if ([checkpointSeconds, checkpointSteps, checkpointDefault].some((wish) => wish !== undefined))
    throw new Failure('usage', 'set changes one thing at a time: --deadline stands alone');
  const at = deadline === 'none' ? null : deadline;
  const isTime = at === null || (/T.*(Z|[+-]\d\d:?\d\d)$/.test(at) && Number.isFinite(Date.parse(at)));
  if (!isTime)
    throw new Failure(
      'usage',
      `--deadline ${deadline} is no time with its zone; write it as 2026-12-24T18:00:00Z, or none`,
    );
  return steer(call, { verb: 'set', run, by: options.by }, (client, as) => client.setDeadline(run, at, as));
}

function intervalOf(options: SetOptions): { seconds?: number; steps?: number } {
  const { checkpointSeconds: seconds, checkpointSteps: steps, checkpointDefault } = options;
  const wishes = [seconds, steps, checkpointDefault].filter((wish) => wish !== undefined);
  if (wishes.length !== 1)
    throw new Failure(
      'usage',
      'set needs one of --checkpoint-seconds, --checkpoint-steps, --checkpoint-default and --deadline: what shall change?',
    );
  return { ...(seconds === undefined ? {} : { seconds }), ...(steps === undefined ? {} : { steps }) };
}
