import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { localFile } from '../../../corpus/input/local.js';
import { openInput } from '../../../corpus/input/open.js';
import { readPiece } from '../../../corpus/input/read.js';
import { cleanWikitext } from '../../../corpus/wikitext/clean.js';
import { machine } from '../harness/machine.js';
import type { Report } from '../harness/report.js';
import { figure } from '../harness/table.js';
import { cpuOf } from './child.js';
import type { Files } from './files.js';
import { programs, type Peers } from './peers.js';
import { isLeftover, sentencesIn, type Sentence } from './sentences.js';

/** Sentences of each page by who took them from its wikitext. */
type Texts = ReadonlyMap<number, readonly Sentence[]>;

/** How much of what peers agree on is in the text, and how much markup is left in it, on pages kept for this alone. */
export async function measureQuality(files: Files, peers: Peers): Promise<Report> {
  const pages = await pagesFor(files);
  const sides = new Map<string, Texts>([
    ['ours', pages.ours],
    ['wtf_wikipedia', byWtf(files, peers)],
    ['WikiExtractor', byWikiExtractor(files, peers)],
    ['mwparserfromhell', byMwparser(files, peers)],
  ]);
  const others = [...sides].slice(1).map(([, texts]) => texts);
  const reference = [...pages.ours.keys()].flatMap((page) => agreedOn(page, others));
  const rows = [...sides].map(([name, texts]) => {
    const keys = new Map([...texts].map(([page, sentences]) => [page, new Set(sentences.map(({ key }) => key))]));
    const missed = reference.filter(({ page, key }) => !keys.get(page)?.has(key));
    const all = [...texts.values()].flat();
    const left = all.filter(({ text }) => isLeftover(text)).length;
    return {
      name,
      sentences: all.length,
      recall: 1 - missed.length / reference.length,
      left: left / all.length,
      missed,
    };
  });
  const [ours, ...theirs] = rows as [(typeof rows)[number], ...typeof rows];
  return {
    what: `Text of ${pages.ours.size} articles (those with hash(id) mod 5 = 0), against the ${reference.length} sentences that two of three peers agree on`,
    versions: { ...machine(), ...peers.versions },
    heads: ['', 'sentences', 'recall %', 'with markup left %'],
    rows: rows.map(({ name, sentences, recall, left }) => [name, sentences, 100 * recall, 100 * left]),
    notes: [
      'Disagreements, sentences of the reference that ours lacks:',
      ...spread(ours.missed, 20).map(({ page, text }) => `  page ${page}: ${text}`),
    ],
    bars: [
      {
        name: 'recall',
        value: 100 * ours.recall,
        unit: '%',
        must: { atLeast: 100 * Math.max(...theirs.map(({ recall }) => recall)) },
      },
      {
        name: 'no more markup left than in the best',
        value: Math.min(...theirs.map(({ left }) => left)) - ours.left,
        unit: '',
        must: { atLeast: 0 },
      },
    ],
    line: `data quality: recall ${figure(100 * ours.recall)} %, markup left ${figure(100 * ours.left)} %`,
  };
}

/** WikiExtractor takes every page for a template where it is not told how templates are called. */
const header = `<mediawiki>
  <siteinfo>
    <base>https://en.wikipedia.org/wiki/Main_Page</base>
    <namespaces>
      <namespace key="6" case="first-letter">File</namespace>
      <namespace key="10" case="first-letter">Template</namespace>
      <namespace key="14" case="first-letter">Category</namespace>
    </namespaces>
  </siteinfo>
`;

/** Pages are chosen by their number alone; they are not looked at while the cleaner is written. */
function isMeasured(id: number): boolean {
  return createHash('sha256').update(String(id)).digest().readUInt32BE(0) % 5 === 0;
}

async function pagesFor({ folder, packed }: Files): Promise<{ ours: Texts }> {
  const input = await openInput(await localFile(packed));
  const ours = new Map<number, readonly Sentence[]>();
  const lines: string[] = [];
  const xml: string[] = [];
  for await (const { id, title, text, redirect, namespace } of readPiece(input).pages) {
    if (redirect || namespace !== 0 || !isMeasured(id)) continue;
    const blocks = cleanWikitext(text, input.site, new Set());
    ours.set(id, sentencesIn(blocks.map((block) => block.text).join('\n')));
    lines.push(JSON.stringify({ id, text }));
    xml.push(
      `  <page>\n    <title>${escaped(title)}</title>\n    <ns>0</ns>\n    <id>${id}</id>\n    <revision>\n      <id>1</id>\n` +
        `      <text xml:space="preserve">${escaped(text)}</text>\n    </revision>\n  </page>\n`,
    );
  }
  writeFileSync(join(folder, 'measured.jsonl'), lines.join('\n') + '\n');
  writeFileSync(join(folder, 'measured.xml'), `${header}${xml.join('')}</mediawiki>\n`);
  return { ours };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function byWtf({ folder }: Files, peers: Peers): Texts {
  const out = join(folder, 'wtf.jsonl');
  cpuOf(process.execPath, [join(programs, 'extract-wtf.mjs'), peers.folder, join(folder, 'measured.jsonl'), out]);
  return textsIn(readFileSync(out, 'utf8'));
}

function byMwparser({ folder }: Files, peers: Peers): Texts {
  const out = join(folder, 'mwparser.jsonl');
  cpuOf(peers.python, ['-B', join(programs, 'extract.py'), join(folder, 'measured.jsonl'), out]);
  return textsIn(readFileSync(out, 'utf8'));
}

function byWikiExtractor({ folder }: Files, peers: Peers): Texts {
  const out = join(folder, 'measured');
  rmSync(out, { recursive: true, force: true });
  const args = ['--json', '--no-templates', '--processes', '1', '-o', out, join(folder, 'measured.xml')];
  cpuOf(peers.python, ['-m', 'wikiextractor.WikiExtractor', ...args], folder);
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return textsIn(files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join('\n'));
}

function textsIn(jsonLines: string): Texts {
  const pages = jsonLines.split('\n').filter((line) => line.trim() !== '');
  return new Map(
    pages.map((line) => {
      const { id, text } = JSON.parse(line) as { id: number | string; text: string };
      return [Number(id), sentencesIn(text)];
    }),
  );
}

/** The sentences of a page that at least two of the peers have. */
function agreedOn(page: number, peers: readonly Texts[]): Array<Sentence & { page: number }> {
  const found = new Map<string, { sentence: Sentence; count: number }>();
  for (const texts of peers) {
    const once = new Map((texts.get(page) ?? []).map((sentence) => [sentence.key, sentence]));
    for (const [key, sentence] of once) found.set(key, { sentence, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return [...found.values()].filter(({ count }) => count >= 2).map(({ sentence }) => ({ ...sentence, page }));
}

/** Some of many, evenly from all over. */
function spread<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, index) => items[Math.floor(index * step)] as T);
}
