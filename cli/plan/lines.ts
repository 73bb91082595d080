import type { ForecastOption, RunForecast } from '../../domain/forecast/schema.js';
import { table, wrapped } from '../table.js';
import { grouped, span } from '../words.js';
import { optionLines, tier } from './options.js';
import { countRange, hoursWords, numberRange, percent, rounded } from './numbers.js';

/** A forecast as a person reads it. @param width columns that text may take */
export function forecastLines(forecast: RunForecast, width: number): string[] {
  return [
    ...headline(forecast),
    ...section('Work', workLines(forecast)),
    ...section('Ways to run it: what is expected (best to worst case)', optionLines(forecast)),
    ...section('Checkpoints on the nodes of the config', intervalLines(forecast)),
    ...section('Quota, in cores', quotaLines(forecast)),
    ...section('Assumed', assumptionLines(forecast, width)),
    ...section(
      'Missing',
      wrapped(
        forecast.missing.map((sentence) => ['  -', sentence]),
        width,
      ),
    ),
  ];
}

function assumptionLines({ assumptions }: RunForecast, width: number): string[] {
  return wrapped(
    assumptions.map(({ what, value, source }) => [`  ${what}`, `${value}; ${source}`]),
    width,
  );
}

const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines]);

function headline({ run, region, options }: RunForecast): string[] {
  const own = options.find(({ configured }) => configured);
  if (own === undefined) return [`plan of ${run}`];
  const where = region === null ? '' : ` in ${region}`;
  const what = `${own.nodes} x ${own.sku}, ${tier(own)}${where}`;
  const { wallHours, interruptions, total, currency } = own;
  if (wallHours === null || interruptions === null) return [`plan of ${run}: ${what}`];
  const money = total === null ? 'no price known' : `${numberRange(total)} ${currency}${savingWords(own, options)}`;
  const preempted = own.priority === 'dedicated' ? 'interruptions' : 'preemptions';
  return [
    `plan of ${run}: ${what}`,
    `expected: ${hoursWords(wallHours)}, ${money}, ${countRange(interruptions)} ${preempted}`,
    ...(own.problem === null ? [] : [`it cannot start as it is: ${own.problem}`]),
  ];
}

/** Against the same size without preemptions. */
function savingWords(own: ForecastOption, options: readonly ForecastOption[]): string {
  if (own.priority === 'dedicated') return '';
  const dedicated = options.find(
    ({ sku, nodes, priority }) => sku === own.sku && nodes === own.nodes && priority === 'dedicated',
  );
  if (own.total === null || dedicated?.total == null || dedicated.currency !== own.currency) return '';
  return ` (dedicated nodes: ${rounded(dedicated.total.typical)}, saved ${percent(1 - own.total.typical / dedicated.total.typical)})`;
}

function workLines({ phases }: RunForecast): string[] {
  const header = ['  phase', 'sequence', 'steps', 'global batch', 'samples', 'tokens', 'exaFLOP'];
  const or = (value: number | null) => (value === null ? '-' : grouped(value));
  const rows = phases.map(({ name, sequenceLength, steps, globalBatch, samples, tokens, exaflop }) => [
    `  ${name}`,
    or(sequenceLength),
    grouped(steps),
    grouped(globalBatch),
    grouped(samples),
    or(tokens),
    exaflop === null ? '-' : rounded(exaflop),
  ]);
  return table([header, ...rows], [1, 2, 3, 4, 5, 6]);
}

function intervalLines({ intervals }: RunForecast): string[] {
  const header = ['  phase', 'every', 'goodput', 'best every', 'goodput', 'an interruption in', 'a checkpoint costs'];
  const rows = intervals.map(
    ({ phase, seconds, goodput, optimalSeconds, optimalGoodput, meanSeconds, stallSeconds }) => [
      `  ${phase}`,
      seconds === null ? '-' : span(seconds),
      goodput === null ? '-' : percent(goodput),
      span(optimalSeconds),
      percent(optimalGoodput),
      span(meanSeconds),
      `${rounded(stallSeconds)} s`,
    ],
  );
  return table([header, ...rows], [1, 2, 3, 4, 5, 6]);
}

function quotaLines({ quota }: RunForecast): string[] {
  if (quota === null) return [];
  const rows = quota.map(({ label, inUse, limit, left }) => [
    `  ${label}`,
    grouped(inUse),
    grouped(limit),
    grouped(left),
  ]);
  return table([['  pool', 'in use', 'limit', 'left'], ...rows], [1, 2, 3]);
}
