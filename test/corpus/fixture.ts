import type { Context } from 'mocha';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { skipUnless } from '../house/skip.js';
import { createVocabulary, specialTokens, type Vocabulary } from '../../corpus/vocabulary/vocabulary.js';

/** Runs `use` with a temporary folder that is gone afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bertha-corpus-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A page as a test writes it. */
export interface FixturePage {
  readonly id: number;
  readonly text: string;
  readonly title?: string;
  readonly ns?: number;
  readonly redirect?: boolean;
}

/** The XML of a dump with these pages. */
export function dumpXml(pages: readonly FixturePage[]): string {
  return `<mediawiki xml:lang="en">\n  <siteinfo><sitename>Test</sitename><base>https://test.example/Main</base>
    <namespaces><namespace key="6" case="first-letter">Datei</namespace></namespaces></siteinfo>\n${pages.map(pageXml).join('')}</mediawiki>\n`;
}

function pageXml({ id, text, title = `Page ${id}`, ns = 0, redirect = false }: FixturePage): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `  <page><title>${title}</title><ns>${ns}</ns><id>${id}</id>${redirect ? '<redirect title="X" />' : ''}
    <revision><id>${id * 100}</id><contributor><username>Jane Editor</username><id>77</id></contributor>
      <text xml:space="preserve">${escaped}</text></revision></page>\n`;
}

const subjects = [
  'The river',
  'A small town',
  'Her brother',
  'The old bridge',
  'This method',
  'One engineer',
  'The council',
];
const verbs = ['crosses', 'describes', 'built', 'replaced', 'often visits', 'never understood', 'paid for'];
const objects = [
  'the northern valley',
  'several early maps',
  'a wooden church',
  'the railway station',
  'its first school',
];

/** Prose of `count` plain sentences that differ from page to page. */
export function prose(page: number, count: number): string {
  const pick = (list: readonly string[], n: number): string => list[n % list.length] as string;
  return Array.from({ length: count }, (_, n) => {
    const mix = page * 31 + n * 17;
    return `${pick(subjects, mix)} ${pick(verbs, mix >> 1)} ${pick(objects, mix >> 2)} in ${1800 + (mix % 200)}.`;
  }).join(' ');
}

/** A dump of `count` pages of prose. */
export function proseDump(count: number): string {
  return dumpXml(Array.from({ length: count }, (_, n) => ({ id: n + 1, text: prose(n + 1, 12 + (n % 7)) })));
}

export async function writeDump(folder: string, xml: string | Buffer, name = 'dump.xml'): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, xml);
  return file;
}

/** A vocabulary of the special tokens and these pieces. */
export function vocabularyOf(pieces: readonly string[]): Vocabulary {
  return createVocabulary([...specialTokens, ...pieces], 'the test vocabulary');
}

/** The folder of sample data beside the clone or in BERTHA_SHARED; a test that needs it is skipped by name, with the reason, where there is none. */
export function sharedData(test: Context): string {
  const folder = join(process.env['BERTHA_SHARED'] ?? resolve('..', 'shared'), 'data');
  skipUnless(existsSync(folder), `needs ${folder}: put the shared data beside the clone, or set BERTHA_SHARED`, test);
  return folder;
}

/** Collects what an async iterable gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
