import type { Exchange } from './files.js';
import { formOf } from './forms.js';

/** Addresses that a client follows. */
const ADDRESSES = ['azure-asyncoperation', 'location'] as const;

/**
 * Compares the headers that clients read: addresses by presence and form, Content-Type to the letter, Retry-After and what
 * is left of ARM's limits by presence.
 */
export function headerDifferences(exchange: Exchange, answered: Record<string, string | undefined>): string[] {
  const recorded = exchange.headers;
  const found: string[] = [];
  for (const name of ADDRESSES) {
    const [wanted, given] = [recorded[name], answered[name]].map((each) =>
      each === undefined ? 'none' : addressForm(each),
    );
    if (wanted !== given) found.push(`header ${name}: ${wanted} recorded, ${given} answered`);
  }
  for (const name of ['content-type', 'retry-after'] as const) {
    const [wanted, given] = [recorded[name] ?? 'none', answered[name] ?? 'none'];
    const same = name === 'retry-after' ? (wanted === 'none') === (given === 'none') : wanted === given;
    if (!same) found.push(`header ${name}: ${wanted} recorded, ${given} answered`);
  }
  const [wanted, given] = [recorded, answered].map((headers) => Object.keys(headers).filter(isLimit).sort().join(', '));
  if (wanted !== given) found.push(`headers of limits: ${wanted || 'none'} recorded, ${given || 'none'} answered`);
  return found;
}

// ARM says what is left to all principals together only since 2024, and the emulator always.
function isLimit(name: string): boolean {
  return /^x-ms-ratelimit-remaining-subscription-(?!global-)/.test(name);
}

function addressForm(address: string): string {
  const url = new URL(address);
  const path = formOf(decodeURIComponent(url.pathname))
    .replace(/(OperationsStatus\/)[^/]+$/, '$1{id}')
    .replace(/(mfeOperationResults\/\w+:\{guid\}:)[^/]+$/, '$1{job}');
  const query = [...url.searchParams].map(([name, value]) => (/^[tcsh]$/.test(name) ? name : `${name}=${value}`));
  return `${path}?${query.join('&')}`;
}
