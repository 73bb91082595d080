import type { Bar } from '../harness/bars.js';
import { EXPONENTIAL } from './exponential.js';
import { type Cell, type Grid, PEERS } from './grid.js';
import { bertha } from './policies/ours.js';
import { withYoungDaly } from './policies/young-daly.js';
import type { Score } from './score.js';

const OURS = bertha.name;

/** What issue and README ask for, over every world in which nobody gives notice. */
export function barsOf({ cells, hasTraces }: Grid): Bar[] {
  const plain = cells.filter(({ world }) => world.noticeSeconds === 0);
  const exponential = plain.filter(({ series }) => series.source === EXPONENTIAL);
  const recorded = plain.filter(({ series }) => series.source !== EXPONENTIAL);
  const model = Math.min(...exponential.map((cell) => ours(cell).rhoModel));
  return [
    ...(hasTraces ? recordedBars(recorded) : []),
    { name: 'rho_model, worst world', value: 100 * model, unit: '%', must: { atLeast: 97 } },
    ...duels.flatMap(({ name, ours, peers }) => duelBars(name, plain, ours, peers)),
  ];
}

/** With the defaults of each; then with one and the same interval for all, so that supervision alone makes a difference. */
const duels = [
  { name: 'defaults', ours: OURS, peers: PEERS.map((peer) => peer.name) },
  { name: 'same interval', ours: withYoungDaly(bertha).name, peers: PEERS.map((peer) => withYoungDaly(peer).name) },
];

export const ours = ({ scores }: Cell): Score => scoreIn(scores, OURS);

export function scoreIn(scores: readonly Score[], policy: string): Score {
  const found = scores.find((score) => score.policy === policy);
  if (found === undefined) throw new Error(`No policy is called ${policy}.`);
  return found;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function recordedBars(recorded: readonly Cell[]): Bar[] {
  const reference = recorded.filter(({ world }) => world.stallSeconds === 5 && world.startSeconds === 60);
  const elsewhere = recorded.filter((cell) => !reference.includes(cell));
  const rho = Math.min(...bothFaces(reference).map((cells) => mean(cells.map((cell) => ours(cell).rhoTrace))));
  const share = elsewhere.map(ofBest);
  return [
    { name: 'mean rho_trace at C = 5 s, S = 60 s', value: 100 * rho, unit: '%', must: { atLeast: 95 } },
    { name: 'of the best fixed interval elsewhere, mean', value: 100 * mean(share), unit: '%', must: { atLeast: 98 } },
    {
      name: 'of the best fixed interval elsewhere, worst series',
      value: 100 * Math.min(...share),
      unit: '%',
      must: { atLeast: 98 },
    },
  ];
}

/** What we keep of what the best fixed interval of hindsight would. */
export const ofBest = (cell: Cell): number => ours(cell).rhoTrace / (cell.best?.rhoTrace ?? NaN);

const bothFaces = (cells: readonly Cell[]): Cell[][] => groupsOf(cells, ({ world }) => world.azure);

/** In points of a hundred: our smallest lead on a source's mean, and the most that any peer is ahead on one series. */
function duelBars(name: string, cells: readonly Cell[], mine: string, peers: readonly string[]): Bar[] {
  const leadIn = ({ scores }: Cell, peer: string) => scoreIn(scores, mine).rhoTrace - scoreIn(scores, peer).rhoTrace;
  const groups = groupsOf(cells, ({ series, world }) => JSON.stringify([series.source, world]));
  const leads = groups.flatMap((group) => peers.map((peer) => mean(group.map((cell) => leadIn(cell, peer)))));
  const behind = cells.flatMap((cell) => peers.map((peer) => -leadIn(cell, peer)));
  const unit = 'points';
  return [
    {
      name: `${name}: lead over the best peer, worst source and world`,
      value: 100 * Math.min(...leads),
      unit,
      must: { atLeast: 0 },
    },
    {
      name: `${name}: behind a peer, worst series and world`,
      value: 100 * Math.max(...behind),
      unit,
      must: { below: 1.0001 },
    },
  ];
}

/** Values with the same key together, in the order in which the keys first come. */
export function groupsOf<Value>(values: readonly Value[], keyOf: (value: Value) => string): Value[][] {
  const groups = new Map<string, Value[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return [...groups.values()];
}
