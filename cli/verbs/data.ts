import type { Command } from 'commander';
import { cancelData } from '../data/cancel.js';
import { doData } from '../data/work.js';
import { showData } from '../data/show.js';
import type { Act, Verb } from '../program.js';

const subverbs = {
  plan: 'say what a preparation would do, and whether it is done already; changes nothing',
  prepare: 'make shards from the dump or text that the config names, in its source container',
  convert: "make shards from the old recipe's own .bin files that the config names",
  copy: "copy the dataset into the config's own container, verified by hash",
  verify: 'hash every file of the dataset and of its copy, and name each that is not as its manifest says',
} as const;

export const dataVerb: Verb = (program, act) => {
  const data = program
    .command('data')
    .summary('plan, prepare, convert, copy, verify, cancel or show a dataset')
    .description(
      'Does with a dataset what the data stage of a run does: the same activities, on the data workers. The config is a run config, or one with the sections azure, storage and data alone. Where no Temporal server is configured or up, a local stack is started for as long as it takes. Where a server is up, Ctrl-C stops the printing only: the work goes on, the command said again joins it, `data cancel` ends it.',
    );
  for (const [name, summary] of Object.entries(subverbs)) {
    withConfig(data.command(name).summary(summary).description(sentenceOf(summary)), act, (call, file) =>
      doData(call, name as keyof typeof subverbs, file),
    );
  }
  const stop = 'stop what is under way for the dataset; what is done of it is kept';
  withConfig(data.command('cancel').summary(stop).description(sentenceOf(stop)), act, cancelData);
  const summary = "print a dataset's manifest and its quality report";
  withConfig(data.command('show').summary(summary).description(sentenceOf(summary)), act, showData);
};

function withConfig(
  command: Command,
  act: Act,
  work: (call: Parameters<Parameters<Act>[0]>[0], file: string) => Promise<number>,
) {
  command
    .argument('<config>', 'config (YAML) that names the data')
    .action(act((call, _options, file = '') => work(call, file)));
}

function sentenceOf(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
