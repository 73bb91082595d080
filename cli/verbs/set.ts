import { Failure } from '../failure.js';
import type { Verb } from '../program.js';
import { type SteerOptions, byOption, numberOf, steer } from '../steer.js';

interface SetOptions extends SteerOptions {
  readonly checkpointSeconds?: number;
  readonly checkpointSteps?: number;
  readonly checkpointDefault?: boolean;
}

export const setVerb: Verb = (program, act) => {
  program
    .command('set')
    .summary('change how often a run saves checkpoints')
    .description(
      'Changes the checkpoint interval of a run, of the job that trains and of those after it. One of the three options is needed.',
    )
    .argument('<run>', 'name of the run')
    .option('--checkpoint-seconds <n>', 'a checkpoint every so many seconds', numberOf('--checkpoint-seconds'))
    .option('--checkpoint-steps <n>', 'a checkpoint every so many steps', numberOf('--checkpoint-steps'))
    .option('--checkpoint-default', "the config's interval again")
    .option(...byOption())
    .action(
      act<SetOptions>((call, options, run = '') => {
        const every = intervalOf(options);
        return steer(call, { verb: 'set', run, by: options.by }, (client, as) =>
          client.setCheckpointInterval(run, every, as),
        );
      }),
    );
};

function intervalOf(options: SetOptions): { seconds?: number; steps?: number } {
  const { checkpointSeconds: seconds, checkpointSteps: steps, checkpointDefault } = options;
  const wishes = [seconds, steps, checkpointDefault].filter((wish) => wish !== undefined);
  if (wishes.length !== 1)
    throw new Failure(
      'usage',
      'set needs one of --checkpoint-seconds, --checkpoint-steps and --checkpoint-default: what shall change?',
    );
  return { ...(seconds === undefined ? {} : { seconds }), ...(steps === undefined ? {} : { steps }) };
}
