import type { Verb } from '../program.js';
import { type SteerOptions, byOption, steer } from '../steer.js';

export const pauseVerb: Verb = (program, act) => {
  program
    .command('pause')
    .summary('save, end the job and pay nothing until resume')
    .description(
      'Pauses a run: its job saves a checkpoint and ends, and none is submitted until resume. Whatever is paused stays so for weeks.',
    )
    .argument('<run>', 'name of the run')
    .option(...byOption())
    .action(
      act<SteerOptions>((call, { by }, run = '') =>
        steer(call, { verb: 'pause', run, by }, (client, as) => client.pauseRun(run, as)),
      ),
    );
};
