import type { RepeatedIds } from './attribution.js';
import type { DuplicatesDone } from './duplicates.js';
import { grouped, percent, plainText, table } from './markdown.js';
import type { TextDone } from './text.js';

const mostDamages = 100;
const mostDropped = 20;

/** What of the input was damaged and passed over, each with page and byte; nothing where all was sound. */
export function damageSection(text: readonly TextDone[]): string[] {
  const count = (what: 'pages' | 'stretches'): number => text.reduce((total, { damage }) => total + damage[what], 0);
  const [pages, stretches] = [count('pages'), count('stretches')];
  if (pages + stretches === 0) return [];
  const shown = text.flatMap(({ damage }) => damage.first).slice(0, mostDamages);
  const left = pages + stretches - shown.length;
  const words = [
    `${grouped(pages)} pages were begun and could not be used: they are counted above as skipped.`,
    `${grouped(stretches)} stretches could not be read; how many pages began in them nobody can tell.`,
  ];
  const list = shown.map(({ problem }) => `- ${plainText(problem)}`);
  const rest = left > 0 ? [`- and ${grouped(left)} more`] : [];
  return ['## Damage', words.join(' '), [...list, ...rest].join('\n')];
}

/** What the filter of near duplicates left out; nothing where it is off. */
export function duplicatesSection(
  found: DuplicatesDone | null,
  likeness: number | undefined,
  text: readonly TextDone[],
): string[] {
  if (found === null || likeness === undefined) return [];
  const rows = [
    ['pages compared', grouped(found.pages), ''],
    ['pages left out', grouped(found.dropped), percent(found.dropped, found.pages)],
    ['groups of pages that are alike', grouped(found.clusters), ''],
    ['pages of the largest group', grouped(found.largest), ''],
  ];
  const dropped = text.flatMap((one) => one.dropped ?? []).slice(0, mostDropped);
  const list = dropped.map(({ page, title, stays }) => `- ${plainText(title)} (${page}): page ${stays} stays`);
  const words = `Alike are pages with ${percent(likeness, 1)} of their runs of five words in common, by estimate; the one with the lowest id stays.`;
  return [
    '## Near duplicates',
    words,
    table(['what', 'count', 'share'], rows),
    ...(list.length > 0 ? [list.join('\n')] : []),
  ];
}

/** Ids that are no one page's; nothing where every page has its own. */
export function repeatedSection({ ids, pages, first }: RepeatedIds): string[] {
  if (ids === 0) return [];
  const words =
    `${grouped(pages)} pages share ${grouped(ids)} ids. All are kept. What chance decides goes by the id, so pages of one id are on the same side of ` +
    'the held-out split and are cut alike. Documents without ids of their own have the same one where their text is the same.';
  return ['## Repeated ids', words, first.map((id) => `- ${id}`).join('\n')];
}
