import { EXPONENTIAL } from './exponential.js';
import type { Cell } from './grid.js';
import { drawing, element, text } from './svg.js';

const WIDTH = 900;
const LEFT = 250;
const RIGHT = 30;
const TOP = 90;
const ROW = 22;

/** In the order of the legend; the last is drawn on top. */
const MARKS: readonly { readonly policy: string; readonly colour: string }[] = [
  { policy: 'AzureML-BERT', colour: '#b0b0b0' },
  { policy: 'dstack, retry on', colour: '#e0a030' },
  { policy: 'SkyPilot', colour: '#4a90d9' },
  { policy: 'SkyPilot + Young/Daly', colour: '#1f4e8c' },
  { policy: 'bertha', colour: '#c0392b' },
];

/** Share of the oracle's useful time, a row for each series: what the policies keep, and the best fixed interval of hindsight as a bar. */
export function plotOf(cells: readonly Cell[], title: string): string {
  const height = TOP + cells.length * ROW + 40;
  return drawing(WIDTH, height, title, [
    text(16, 24, title, { 'font-size': 15 }),
    ...legend(),
    ...axis(height),
    ...cells.flatMap((cell, row) => rowOf(cell, TOP + (row + 0.5) * ROW)),
  ]);
}

const across = (share: number) => LEFT + Math.max(0, Math.min(1, share)) * (WIDTH - LEFT - RIGHT);

function legend(): string[] {
  const marks = MARKS.flatMap(({ policy, colour }, index) => [
    element('circle', { cx: 22 + index * 160, cy: 46, r: 5, fill: colour }),
    text(32 + index * 160, 50, policy),
  ]);
  return [
    ...marks,
    element('rect', { x: 20, y: 58, width: 4, height: 14, fill: 'black' }),
    text(32, 70, 'best fixed interval, chosen in hindsight'),
  ];
}

function axis(height: number): string[] {
  return [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((share) => [
    element('line', { x1: across(share), x2: across(share), y1: TOP, y2: height - 34, stroke: '#dddddd' }),
    text(across(share), height - 18, share.toFixed(1), { 'text-anchor': 'middle' }),
  ]);
}

function rowOf({ series, scores, best }: Cell, y: number): string[] {
  const dots = MARKS.flatMap(({ policy, colour }) => {
    const score = scores.find((one) => one.policy === policy);
    return score === undefined ? [] : [element('circle', { cx: across(score.rhoTrace), cy: y, r: 5, fill: colour })];
  });
  return [
    text(LEFT - 10, y + 4, `${series.source === EXPONENTIAL ? 'exponential, ' : ''}${series.name}`, {
      'text-anchor': 'end',
    }),
    ...(best === null
      ? []
      : [element('rect', { x: across(best.rhoTrace) - 2, y: y - 8, width: 4, height: 16, fill: 'black' })]),
    ...dots,
  ];
}
