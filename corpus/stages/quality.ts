import type { DatasetManifest } from '../manifest.js';
import type { RepeatedIds } from './attribution.js';
import { summed, type Histogram } from './histogram.js';
import type { DuplicatesDone } from './duplicates.js';
import { grouped, percent, table } from './markdown.js';
import { splits, type Plan } from './plan.js';
import { damageSection, duplicatesSection, repeatedSection } from './quality-losses.js';
import { preferred } from './text-files.js';
import type { TextDone } from './text.js';
import type { TokensDone } from './tokens.js';
import { readVocabulary } from './vocabulary.js';
import type { Workshop } from './workshop.js';

/** What the stages came to. */
export interface Made {
  readonly plan: Plan;
  readonly text: readonly TextDone[];
  readonly tokens: readonly TokensDone[];
  readonly repeated: RepeatedIds;
  /** Null where near duplicates stay. */
  readonly duplicates: DuplicatesDone | null;
}

/** The quality report of a dataset, Markdown: what was kept and why not, lengths, coverage of the vocabulary, a few pages to read. */
export async function qualityReport(
  manifest: DatasetManifest,
  { plan, text, tokens, repeated, duplicates }: Made,
  shop: Workshop,
): Promise<string> {
  const { pieces } = await readVocabulary(shop);
  const sections = [
    `# Quality of ${manifest.name}`,
    `Content ${manifest.contentId}, Unicode ${manifest.unicodeVersion}.`,
    ...pagesSection(manifest),
    ...damageSection(text),
    ...duplicatesSection(duplicates, plan.options.nearDuplicates?.likeness, text),
    ...repeatedSection(repeated),
    ...sentencesSection(text),
    ...tokensSection(tokens, pieces),
    ...lengthsSection(tokens),
    ...samplesSection(manifest),
    ...examplesSection(text),
  ];
  return `${sections.join('\n\n')}\n`;
}

function pagesSection({ pages }: DatasetManifest): string[] {
  const reasons = Object.entries(pages.skipped).sort(([a], [b]) => (a < b ? -1 : 1));
  const counts: (readonly [string, number])[] = [
    ['read', pages.in],
    ['kept', pages.out],
    ...reasons.map(([reason, count]) => [`skipped: ${reason}`, count] as const),
  ];
  const rows = counts.map(([what, count]) => [what, grouped(count), percent(count, pages.in)]);
  return ['## Pages', table(['pages', 'count', 'share'], rows)];
}

function sentencesSection(text: readonly TextDone[]): string[] {
  const kept = sum(text.map(({ sentences }) => sentences));
  const lost = (['short', 'fragment', 'hole', 'markup'] as const).map(
    (loss) => [loss, sum(text.map(({ counts }) => counts.lostSentences[loss]))] as const,
  );
  const all = kept + sum(lost.map(([, count]) => count));
  const words = {
    short: 'left out: too few words',
    fragment: 'left out: no sentence',
    hole: 'left out: a formula or the like is missing in it',
    markup: 'left out: leftover markup',
  };
  const rows = [['kept', kept] as const, ...lost.map(([loss, count]) => [words[loss], count] as const)];
  return [
    '## Sentences',
    table(
      ['sentences', 'count', 'share'],
      rows.map(([what, count]) => [what, grouped(count), percent(count, all)]),
    ),
  ];
}

function tokensSection(tokens: readonly TokensDone[], pieces: readonly string[]): string[] {
  const all = tokens.flatMap((one) => splits.map((split) => one[split]));
  const total = sum(all.map((split) => split.tokens));
  const unknown = sum(all.map((split) => split.unknown));
  const used = usedPieces(tokens, pieces.length);
  return [
    '## Vocabulary',
    table(
      ['what', 'count', 'share'],
      [
        ['tokens', grouped(total), ''],
        ['unknown words ([UNK])', grouped(unknown), percent(unknown, total)],
        ['entries', grouped(pieces.length), ''],
        ['entries that occur', grouped(used), percent(used, pieces.length)],
      ],
    ),
  ];
}

function usedPieces(tokens: readonly TokensDone[], size: number): number {
  const used = new Uint8Array(Math.ceil(size / 8));
  for (const one of tokens) Buffer.from(one.used, 'base64').forEach((bits, at) => (used[at] = (used[at] ?? 0) | bits));
  return used.reduce((count, bits) => count + bits.toString(2).replaceAll('0', '').length, 0);
}

function lengthsSection(tokens: readonly TokensDone[]): string[] {
  const all = tokens.flatMap((one) => splits.map((split) => one[split]));
  const sentences = summed(all.map((split) => split.sentenceLengths));
  const documents = summed(all.map((split) => split.documentLengths));
  const bins = Math.max(sentences.length, documents.length);
  const rows = Array.from({ length: bins }, (_, bin) => [
    binName(bin),
    ...cells(sentences, bin),
    ...cells(documents, bin),
  ]);
  return ['## Lengths', table(['tokens', 'sentences', 'share', 'pages', 'share'], rows.slice(1))];
}

const binName = (bin: number): string => (bin < 2 ? `${bin}` : `${2 ** (bin - 1)} to ${2 ** bin - 1}`);
const cells = (histogram: Histogram, bin: number): string[] => [
  grouped(histogram[bin] ?? 0),
  percent(histogram[bin] ?? 0, sum(histogram)),
];

function samplesSection({ sets }: DatasetManifest): string[] {
  const rows = sets.flatMap(({ name, train, heldout, sequenceLength }) =>
    [['train', train] as const, ['heldout', heldout] as const].map(
      ([split, { samples, tokens, shards, randomNextRatio }]) => [
        `${name}/${split}`,
        grouped(samples),
        grouped(shards.length),
        (tokens / Math.max(1, samples) + 3).toFixed(1),
        percent(tokens + 3 * samples, samples * sequenceLength),
        percent(randomNextRatio, 1),
      ],
    ),
  );
  return ['## Samples', table(['set', 'samples', 'shards', 'mean length', 'filled', 'random next'], rows)];
}

function examplesSection(text: readonly TextDone[]): string[] {
  const shown = preferred(text.flatMap(({ examples }) => examples));
  return [
    '## Pages as they read',
    ...shown.flatMap(({ title, page, text }) => [`### ${title} (${page})`, `> ${text}`]),
  ];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
