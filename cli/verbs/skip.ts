import type { Verb } from '../program.js';
import { type SteerOptions, byOption, numberOf, steer } from '../steer.js';

interface SkipOptions extends SteerOptions {
  readonly phase: string;
  readonly from: number;
  readonly to: number;
}

export const skipVerb: Verb = (program, act) => {
  program
    .command('skip')
    .summary('pass over samples that spoil the training')
    .description(
      "Has a phase pass over a window of its samples, from its next attempt on: recover brings that attempt at once. Positions count in the phase's sample order: step x global batch.",
    )
    .argument('<run>', 'name of the run')
    .requiredOption('--phase <name>', 'phase whose samples they are')
    .requiredOption('--from <position>', 'first sample that is passed over', numberOf('--from'))
    .requiredOption('--to <position>', 'first sample behind the window', numberOf('--to'))
    .option(...byOption())
    .action(
      act<SkipOptions>((call, { phase, from, to, by }, run = '') =>
        steer(call, { verb: 'skip', run, by }, (client, as) => client.skipWindow(run, { phase, from, to }, as)),
      ),
    );
};
