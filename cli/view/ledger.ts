import type { LedgerView } from '../../client.js';
import { duration } from '../../domain/duration.js';
import type { BucketReport } from '../../domain/report-goodput.js';
import { table } from '../table.js';

/** The buckets of a ledger for a terminal. */
export function ledgerLines(buckets: readonly BucketReport[], currency: string): string[] {
  const header = ['BUCKET', 'TIME', 'SHARE', currency, 'OWNER'];
  const rows = buckets.map(({ bucket, seconds, share, price, owner }) => [
    bucket,
    duration(seconds),
    `${(100 * share).toFixed(1)} %`,
    price === null ? '-' : price.toFixed(4),
    owner,
  ]);
  return table([header, ...rows], [1, 2, 3]);
}

/** What is not in the table yet. */
export function openLines({ since, until, open }: Pick<LedgerView, 'since' | 'until' | 'open'>): string[] {
  const span = `from ${since} to ${until}`;
  return ['', open === null ? span : `${span}; job ${open.job} is open since then and is counted when it has ended`];
}
