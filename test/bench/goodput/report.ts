import { verdict } from '../harness/bars.js';
import { machine } from '../harness/machine.js';
import type { Report } from '../harness/report.js';
import { type Cell as TableCell, figure, table } from '../harness/table.js';
import { barsOf, groupsOf, mean, ofBest, ours, scoreIn } from './bars.js';
import { EXPONENTIAL } from './exponential.js';
import { type Cell, type Grid, policies } from './grid.js';

/** Everything in words: policies by source in the reference world, then what each C and S gives, then the bars. */
export function reportOf(grid: Grid, files: readonly string[]): Report {
  const reference = referenceCells(grid);
  const sources = groupsOf(reference, ({ series }) => series.source);
  const bars = barsOf(grid);
  return {
    what: 'goodput: share of the useful time of a hindsight oracle (rho_trace), by policy; C = 5 s, S = 60 s, no notice, Azure ends the job with its nodes',
    versions: machine(),
    heads: ['', ...sources.map((cells) => cells[0]?.series.source ?? ''), 'cost', 'deadlines missed'],
    rows: policies.map(({ name }) => [
      name,
      ...sources.map((cells) => mean(cells.map((cell) => scoreIn(cell.scores, name).rhoTrace)).toFixed(3)),
      costOf(reference, name),
      reference.filter((cell) => scoreIn(cell.scores, name).missedDeadline).length,
    ]),
    notes: [
      ...NOTES,
      '',
      byWorld(grid),
      '',
      bySeries(reference),
      '',
      ofBestBySeries(grid),
      '',
      ...leftOut(grid),
      ...withMuchToLearnFrom(grid),
      ...files.map((file) => `Written: ${file}`),
    ],
    bars,
    line: `goodput: ${bars.map(({ name, value }) => `${name} ${value.toFixed(2)}`).join('; ')}`,
  };
}

/** One cell for each series: the world that issue and README speak of. */
export const referenceCells = ({ cells }: Grid): Cell[] =>
  cells.filter(
    ({ world }) =>
      world.stallSeconds === 5 &&
      world.startSeconds === 60 &&
      world.noticeSeconds === 0 &&
      world.azure === 'ends-the-job',
  );

const NOTES = [
  'cost: paid at low priority (a fifth of the dedicated price) for 60 % of what the oracle does, by what dedicated nodes would have cost; a dash where it was never done in every series.',
  'deadline: 1.25 times the time in which the oracle does it, on low-priority nodes alone.',
  "Young/Daly: with the mean up-time that only hindsight knows, and going on from the newest checkpoint. Steps and epochs of the peers are turned into seconds by the large recipe's 0.62 s a step.",
];

function costOf(cells: readonly Cell[], policy: string): TableCell {
  const shares = cells.map((cell) => scoreIn(cell.scores, policy).costShare);
  return shares.includes(null) ? null : mean(shares as number[]);
}

function byWorld({ cells }: Grid): string {
  const recorded = cells.filter(({ series }) => series.source !== EXPONENTIAL);
  const rows = groupsOf(recorded, ({ world }) => JSON.stringify(world)).map((group) => {
    const { stallSeconds, startSeconds, noticeSeconds, azure } = (group[0] as Cell).world;
    const of = (name: string) => mean(group.map((cell) => scoreIn(cell.scores, name).rhoTrace));
    const model = cells.filter(({ series, world }) => series.source === EXPONENTIAL && world === group[0]?.world);
    return [
      `C ${stallSeconds}, S ${startSeconds}${noticeSeconds > 0 ? `, notice ${noticeSeconds}` : ''}, ${azure}`,
      of('bertha'),
      of('bertha + Young/Daly'),
      mean(group.map(({ best }) => best?.rhoTrace ?? NaN)),
      mean(group.map(ofBest)),
      Math.min(...group.map(ofBest)),
      Math.min(...model.map((cell) => ours(cell).rhoModel)),
    ].map((cell) => (typeof cell === 'number' ? cell.toFixed(3) : cell));
  });
  const heads = [
    'recorded series, mean rho_trace',
    'bertha',
    '+ Young/Daly',
    'best fixed',
    'of best, mean',
    'worst',
    'rho_model, worst',
  ];
  return table(heads, rows);
}

function bySeries(cells: readonly Cell[]): string {
  const rows = cells.map((cell) => [
    cell.series.name,
    cell.series.upTimes.filter(({ interrupted }) => interrupted).length,
    ...['bertha', 'bertha + Young/Daly', 'SkyPilot', 'dstack, retry on', 'AzureML-BERT'].map((name) =>
      scoreIn(cell.scores, name).rhoTrace.toFixed(3),
    ),
    cell.best === null ? null : `${cell.best.rhoTrace.toFixed(3)} at ${figure(cell.best.seconds)} s`,
  ]);
  return table(
    ['series', 'losses', 'bertha', '+ Young/Daly', 'SkyPilot', 'dstack', 'AzureML-BERT', 'best fixed'],
    rows,
  );
}

/** A best interval chosen in hindsight says most where there was least to learn from. */
function ofBestBySeries({ cells }: Grid): string {
  const recorded = cells.filter(({ series, world }) => series.source !== EXPONENTIAL && world.noticeSeconds === 0);
  const rows = groupsOf(recorded, ({ series }) => series.name).map((group) => [
    group[0]?.series.name ?? '',
    group[0]?.series.upTimes.filter(({ interrupted }) => interrupted).length ?? 0,
    mean(group.map(ofBest)).toFixed(3),
    Math.min(...group.map(ofBest)).toFixed(3),
  ]);
  return table(['of the best fixed interval, every C and S', 'losses', 'mean', 'worst'], rows);
}

/** Below so many losses chance decides which interval hindsight finds best. */
const MANY = 30;

function withMuchToLearnFrom(grid: Grid): string[] {
  const cells = grid.cells.filter(({ series }) => series.upTimes.length >= MANY);
  const head = `Not judged: the same over series with ${MANY} up-times or more, where chance decides little:`;
  return [head, ...barsOf({ ...grid, cells }).map((bar) => `  ${verdict(bar)}`), ''];
}

function leftOut({ left, hasTraces }: Grid): string[] {
  const listed = left.map(({ series, why }) => `Not scored: ${series.source}, ${series.name}: ${why}.`);
  return hasTraces
    ? listed
    : [...listed, 'SKIPPED: the recorded series, for there is no folder traces in BERTHA_SHARED.'];
}
