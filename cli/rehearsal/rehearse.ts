import type { BerthaClient } from '../../client.js';
import type { RunConfig } from '../../domain/config.js';
import type { RunReport } from '../../domain/report.js';
import { keepWhole } from '../demo/keep-whole.js';
import { cancelAndProve } from '../demo/prove-canceled.js';
import { type Demo, type DemoEnd, onStack } from '../demo/run.js';
import { exitCodes } from '../exit-codes.js';
import { explain } from '../failure.js';
import { Follower } from '../follow.js';
import { openPlace, readReport } from '../storage.js';
import { viewFor } from '../view/view.js';
import { clock } from '../words.js';
import { printReport } from '../watch.js';
import { accountLines, accountOf, missing, type Row } from './account.js';
import { Conductor } from './conductor.js';
import type { Onlooker } from './onlooker.js';
import type { Scenario } from './scenario.js';
import { type Comparison, compareModels, undisturbed } from './undisturbed.js';

/**
 * Runs a config through all that a scenario does to it, then the same training undisturbed, and tells how each thing was noticed, what it cost
 * and how the report explains it. Fails where anything of that is missing or the weights differ.
 */
export const rehearse =
  (scenario: Scenario) =>
  (demo: Demo): Promise<DemoEnd> =>
    onStack(demo.call, demo.stack, async (client) => {
      const disturbed = await followThrough(demo, client, demo.config, scenario);
      if (disturbed === null) return { code: exitCodes.interrupted.code, report: null };
      const report = await printReport(demo.call, client, demo.config.name);
      const rows = accountOf(scenario, disturbed, report);
      const gaps = missing(rows, report);
      const comparison = gaps.length > 0 ? null : await compare(demo, client, report);
      if (demo.interrupt.signal.aborted) return { code: exitCodes.interrupted.code, report };
      tell(demo, rows, gaps, comparison);
      const holds = gaps.length === 0 && comparison?.equal === true;
      return { code: holds ? exitCodes.ok.code : exitCodes.failed.code, report };
    });

/** Starts a run and follows it to its end, the scenes beside it. @returns null where Ctrl-C came first */
async function followThrough(
  { call, stack, interrupt }: Demo,
  client: BerthaClient,
  config: RunConfig,
  scenario: Scenario | null,
): Promise<Onlooker | null> {
  const run = await client.startRun(config);
  const view = viewFor(call);
  const follower = new Follower(call);
  const over = new AbortController();
  const { signal } = interrupt;
  const say = (sentence: string) => view.note(`${clock(Date.now(), Date.now())}  >> ${sentence}`);
  const conductor = new Conductor({ stack, client, run, say, signal: AbortSignal.any([signal, over.signal]) });
  const check = keepWhole(stack, view, () => conductor.down.size > 0);
  try {
    const conducting = conductor.conduct(scenario?.scenes ?? []);
    const following = follower.follow({ client, run, view, signal, check }).catch((error: unknown) => {
      over.abort();
      throw error;
    });
    // Whatever is down by our hand is started again first: else it would come up behind a stack that has stopped.
    const [followed, conducted] = await Promise.allSettled([following, conducting]);
    if (signal.aborted) {
      await cancelAndProve(client, run, view, follower);
      return null;
    }
    for (const one of [conducted, followed]) if (one.status === 'rejected') throw one.reason;
    return conductor.onlooker;
  } finally {
    over.abort();
    view.end();
  }
}

async function compare(demo: Demo, client: BerthaClient, report: RunReport | null): Promise<Comparison | null> {
  const { call, config } = demo;
  call.line();
  call.line('And now the same training, undisturbed, to compare the weights:');
  const other = undisturbed(config);
  const followed = await followThrough(demo, client, other, null);
  if (followed === null || report === null) return null;
  try {
    const place = await openPlace(config);
    const theirs = await readReport(place, other.name);
    if (theirs === null) return { equal: false, sentence: `run ${other.name} left no report to compare with` };
    return await compareModels(place, report, theirs);
  } catch (error) {
    return { equal: false, sentence: `the weights cannot be compared: ${explain(error).text}` };
  }
}

function tell({ call }: Demo, rows: readonly Row[], gaps: readonly string[], comparison: Comparison | null): void {
  call.data({ type: 'rehearsal', rows, missing: gaps, comparison });
  call.line();
  for (const line of accountLines(rows, call.io.columns())) call.line(line);
  call.line();
  for (const gap of gaps) call.line(`MISSING: ${gap}`);
  if (comparison !== null) call.line(comparison.sentence);
  const holds = gaps.length === 0 && comparison?.equal === true;
  call.line(
    holds ? `all ${rows.length} things that were done to the run were noticed and explained` : 'this does NOT hold',
  );
}
