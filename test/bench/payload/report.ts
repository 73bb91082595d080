import { machine } from '../harness/machine.js';
import type { Report } from '../harness/report.js';
import type { Pair } from './measure.js';

/** Mean loss over the last tenth of the steps: ours, and Hugging Face's with each of three seeds. */
export interface Learning {
  readonly ours: number;
  readonly theirs: readonly number[];
}

/** The table of the trainer. */
export function reportOf(
  pairs: readonly Pair[],
  learning: Learning,
  versions: Readonly<Record<string, string>>,
  rounds: number,
): Report {
  const mean = learning.theirs.reduce((sum, loss) => sum + loss, 0) / learning.theirs.length;
  const spread = Math.max(...learning.theirs) - Math.min(...learning.theirs);
  const apart = Math.abs(learning.ours - mean);
  return {
    what: `The trainer beside a plain loop around Hugging Face's BertForPreTraining (sdpa, float32, AdamW), sequences/s; medians of ${rounds} alternating pairs`,
    versions: { ...machine(), ...versions },
    heads: ['', 'ours', 'theirs', 'ratio', 'ours, not deterministic'],
    rows: [
      ...pairs.map(({ name, ours, theirs, ratio, free }) => [
        name,
        ours,
        theirs,
        ratio,
        Number.isNaN(free) ? null : free,
      ]),
      ['mean loss of the last tenth of 500 steps', learning.ours, mean, learning.ours / mean, null],
    ],
    notes: [
      'Ours is the whole step: loader, masks, clipping, determinism. Theirs has its batches ready, and every position reaches its output layer.',
      'With two processes, "theirs" is twice the speed of one process with half the threads, while the other core is idle.',
      `Loss: ours ${learning.ours.toFixed(3)}; Hugging Face's three seeds ${learning.theirs.map((loss) => loss.toFixed(3)).join(', ')}.`,
    ],
    bars: [
      ...pairs.map(({ name, ratio, bar }) => ({ name, value: ratio, unit: 'times', must: { atLeast: bar } })),
      { name: 'loss apart from the mean of theirs', value: apart, unit: 'nats', must: { below: spread } },
    ],
    line: `payload: ${pairs.map(({ name, ratio }) => `${name} ${ratio.toFixed(2)}x`).join('; ')}`,
  };
}
