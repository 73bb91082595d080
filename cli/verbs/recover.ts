import type { Verb } from '../program.js';
import { type SteerOptions, byOption, steer } from '../steer.js';

export const recoverVerb: Verb = (program, act) => {
  program
    .command('recover')
    .summary('end the job and submit the next attempt now')
    .description(
      'Does at once what a limit of the watch would do later: the job saves if it can, is proven to have ended, and the next attempt goes on from the newest checkpoint.',
    )
    .argument('<run>', 'name of the run')
    .option(...byOption())
    .action(
      act<SteerOptions>((call, { by }, run = '') =>
        steer(call, { verb: 'recover', run, by }, (client, as) => client.recoverRun(run, as)),
      ),
    );
};
