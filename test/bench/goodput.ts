import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { root } from '../house/root.js';
import { type Grid, playAll } from './goodput/grid.js';
import { scoreDeadlines } from './goodput/deadline/report.js';
import { plotOf } from './goodput/plot.js';
import { referenceCells, reportOf } from './goodput/report.js';
import { flags } from './harness/flags.js';
import { present } from './harness/report.js';

/** For the list of benches. */
export const about =
  'useful training time of the recovery policy and of others, on recorded and exponential interruptions, against a hindsight oracle';

const FIGURES = join('.bertha', 'bench', 'goodput.json');
const PLOT = join('docs', 'goodput.svg');

/** `npm run bench -- goodput [--json]`. Writes every figure as JSON, and the plot. @returns exit code: 1 where a bar is missed */
export function main(args: string[]): Promise<number> {
  const { json } = flags(args, {});
  const grid = playAll();
  write(FIGURES, JSON.stringify(figuresOf(grid), null, 1));
  const title = 'Share of the oracle’s useful time, C = 5 s, S = 60 s, 30 s poll, no notice';
  if (grid.hasTraces) write(PLOT, plotOf(referenceCells(grid), title));
  const report = reportOf(grid, grid.hasTraces ? [FIGURES, PLOT] : [FIGURES]);
  const { text, bars } = scoreDeadlines();
  const whole = { ...report, notes: [...(report.notes ?? []), '', ...text], bars: [...(report.bars ?? []), ...bars] };
  return Promise.resolve(present(whole, json));
}

function figuresOf({ cells }: Grid): unknown[] {
  return cells.map(({ world, series, best, scores }) => ({
    ...world,
    source: series.source,
    series: series.name,
    nodes: series.nodes,
    best,
    scores: scores.map(({ policy, rhoTrace, rhoModel, costShare, missedDeadline, outcome }) => {
      return { policy, rhoTrace, rhoModel, costShare, missedDeadline, ...outcome };
    }),
  }));
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
