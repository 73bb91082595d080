import type { Verb } from '../program.js';
import { type SteerOptions, byOption, steer } from '../steer.js';

export const resumeVerb: Verb = (program, act) => {
  program
    .command('resume')
    .summary('go on after a pause, or where a run waits for a person')
    .description(
      'Lets a run go on that was paused, or that waits for a person: its next attempt is submitted from the newest checkpoint.',
    )
    .argument('<run>', 'name of the run')
    .option(...byOption())
    .action(
      act<SteerOptions>((call, { by }, run = '') =>
        steer(call, { verb: 'resume', run, by }, (client, as) => client.resumeRun(run, as)),
      ),
    );
};
