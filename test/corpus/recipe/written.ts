import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOldSamples } from '../../../corpus/recipe/pickle/read.js';
import { Window } from '../../../corpus/recipe/pickle/window.js';
import type { Vocabulary } from '../../../corpus/vocabulary/vocabulary.js';
import { root } from '../../house/root.js';
import { tools } from '../../../stack/places.js';

type Slice = readonly [document: number, from: number, to: number];

/** A file of the old recipe that is to be written; see old_recipe.py. */
export interface OldFile {
  readonly path: string;
  readonly protocol: number;
  readonly creator: 'GenericPretrainingDataCreator' | 'WikiPretrainingDataCreator' | 'PretrainingDataCreator';
  readonly module: string;
  readonly documents: readonly (readonly string[])[];
  readonly instances: readonly { readonly a: Slice; readonly b: Slice; readonly is_next: number }[];
  /** How often the instances are listed. */
  readonly repeat?: number;
}

const script = (name: string) => join(root, 'test', 'corpus', 'recipe', name);

/** Has Python's own pickle write the files. */
export function writeOldFiles(files: readonly OldFile[]): void {
  execFileSync(tools().python, ['-B', script('old_recipe.py')], { input: JSON.stringify({ files }) });
}

/** Has Python write pickles that are to be refused. @returns their names */
export function writeHostileFiles(folder: string): string[] {
  execFileSync(tools().python, ['-B', script('hostile.py'), folder]);
  return readdirSync(folder).sort();
}

/** A sample in words. */
export interface Said {
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly isRandomNext: boolean;
}

/** What a plan says the file holds. */
export function planned({ documents, instances, repeat = 1 }: OldFile): Said[] {
  const part = ([document, from, to]: Slice): readonly string[] => documents[document]?.slice(from, to) ?? [];
  const once = instances.map(({ a, b, is_next }) => ({ a: part(a), b: part(b), isRandomNext: is_next === 1 }));
  return Array.from({ length: repeat }, () => once).flat();
}

/** What our reader finds in a file. */
export function samplesIn(path: string, vocabulary: Vocabulary): Said[] {
  const window = new Window(path, 'part.bin');
  const words = (ids: Uint16Array) => Array.from(ids, (id) => vocabulary.pieces[id] as string);
  try {
    return Array.from(readOldSamples(window, vocabulary), ({ tokens, aStart, aEnd, bStart, bEnd, isRandomNext }) => ({
      a: words(tokens.subarray(aStart, aEnd)),
      b: words(tokens.subarray(bStart, bEnd)),
      isRandomNext,
    }));
  } finally {
    window.close();
  }
}
