import type { ForecastOption, RunForecast } from '../../domain/forecast/schema.js';
import { table } from '../table.js';
import { countRange, numberRange, percent } from './numbers.js';

/** Alternatives beyond these are in the JSON only. */
const CHEAPEST_SHOWN = 6;
const FASTEST_SHOWN = 2;
/** What takes so much longer than the nodes of the config is no alternative to them. */
const LONGEST = 3;

/** A row for each way to run it, the nodes of the config first, and what stands in the way of which. */
export function optionLines({ options }: RunForecast): string[] {
  const header = ['  nodes', 'GPUs', 'tier', 'node/h', 'hours', 'goodput', 'interruptions', 'total', ''];
  const own = options.filter(isNamed);
  const { shown: others, left } = unnamed(options);
  const shown = [...own, ...others];
  const told = options[0]?.problem ?? null;
  return [
    ...table([header, ...shown.map((one) => optionRow(one, own))]),
    ...(own.some(({ why }) => why === 'alternative')
      ? ['  > the cluster of the config; 1, 2, ...: its alternatives, in their order']
      : []),
    ...(left > 0 ? [`  and ${left} more, in --json`] : []),
    ...new Set(shown.flatMap(({ problem }) => (problem === null || problem === told ? [] : [`  ! ${problem}`]))),
  ];
}

function optionRow(option: ForecastOption, named: readonly ForecastOption[]): string[] {
  const { configured, nodes, sku, gpus, gpu, pricePerNodeHour, wallHours, goodput, interruptions, total, currency } =
    option;
  return [
    `${configured ? '>' : place(option, named)} ${nodes} x ${sku}`,
    gpu === null ? '-' : `${gpus} ${gpu}`,
    tier(option),
    pricePerNodeHour === null ? '-' : pricePerNodeHour.toFixed(2),
    wallHours === null ? '-' : numberRange(wallHours),
    goodput === null ? '-' : percent(goodput.typical),
    interruptions === null ? '-' : countRange(interruptions),
    total === null ? '-' : `${numberRange(total)} ${currency}`,
    option.problem === null ? '' : '!',
  ];
}

const isNamed = ({ why }: ForecastOption) => why === 'config' || why === 'alternative';

/** `2` of the second alternative in the config. */
function place(option: ForecastOption, named: readonly ForecastOption[]): string {
  const index = named.filter(({ why }) => why === 'alternative').indexOf(option);
  return index < 0 ? ' ' : String(index + 1);
}

/** In the order of what they cost, among them the fastest. Without hours there is nothing to compare. */
function unnamed(options: readonly ForecastOption[]): { shown: ForecastOption[]; left: number } {
  const longest = LONGEST * (options[0]?.wallHours?.typical ?? Infinity);
  const hours = ({ wallHours }: ForecastOption) => wallHours?.typical ?? Infinity;
  const others = options.filter((one) => !isNamed(one) && one.wallHours !== null && hours(one) <= longest);
  const fastest = others.toSorted((a, b) => hours(a) - hours(b)).slice(0, FASTEST_SHOWN);
  const cheapest = others.filter((one) => !fastest.includes(one)).slice(0, CHEAPEST_SHOWN);
  const shown = others.filter((one) => cheapest.includes(one) || fastest.includes(one));
  return { shown, left: options.filter((one) => !isNamed(one)).length - shown.length };
}

/** `low priority` */
export const tier = ({ priority }: ForecastOption) => priority.replace('_', ' ');
