import { duration } from './duration.js';
import type { BucketReport, GoodputReport, InterruptionReport } from './report-goodput.js';

/** Rows of the longest table that a person reads; report.json holds all. */
const INTERRUPTIONS_SHOWN = 50;

/** Where the time and the money went, as Markdown lines; none in a report of an older release. */
export function goodputText(goodput: GoodputReport | null | undefined, currency: string): string[] {
  if (goodput === null || goodput === undefined || goodput.buckets.length === 0) return [];
  return [
    '',
    '## Where the time and the money went',
    '',
    ...bucketTable(goodput.buckets, currency),
    ...savingText(goodput, currency),
    ...interruptionsText(goodput, currency),
  ];
}

/** A row per bucket. */
export function bucketTable(buckets: readonly BucketReport[], currency: string): string[] {
  return [
    `| bucket | time | share | ${currency} | owner | ml-goodput |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...buckets.map(({ bucket, seconds, share, price, owner, mlGoodput }) =>
      row([bucket, duration(seconds), percent(share), moneyWords(price), owner, mlGoodput]),
    ),
  ];
}

function savingText({ saving }: GoodputReport, currency: string): string[] {
  if (saving === null) return [];
  const { dedicated, paid, saved, dedicatedPricePerNodeHour } = saving;
  const difference = `${moneyWords(Math.abs(saved))} ${currency}`;
  const words = saved >= 0 ? `at least ${difference} saved` : `they would have cost up to ${difference} less`;
  const there = `${moneyWords(dedicated)} there (${dedicatedPricePerNodeHour} ${currency} a node and hour)`;
  return [
    '',
    `against dedicated nodes: ${words}; the useful node-seconds alone would have cost ${there}, ${moneyWords(paid)} was paid`,
  ];
}

function interruptionsText({ interruptions, interruptionsLeftOut }: GoodputReport, currency: string): string[] {
  if (interruptions.length === 0) return [];
  const shown = interruptions.slice(-INTERRUPTIONS_SHOWN);
  const more = interruptions.length - shown.length + interruptionsLeftOut;
  return [
    '',
    '## What each interruption cost',
    '',
    ...(more === 0 ? [] : [`${more} others: report.json`, '']),
    `| from | job | ending | lost | ${currency} | of it |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...shown.map(interruptionRow),
  ];
}

function interruptionRow({ at, job, ending, further, seconds, price, lost }: InterruptionReport): string {
  const jobs = further.length === 0 ? job : `${job} and ${further.length} more`;
  const parts = lost.map(({ bucket, seconds: part, owner }) => `${bucket} ${duration(part)} (${owner})`);
  return row([at.slice(0, 19) + 'Z', jobs, ending, duration(seconds), moneyWords(price), parts.join(', ')]);
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const moneyWords = (price: number | null) => (price === null ? '-' : price.toFixed(4));
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
