import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { root } from './root.js';

/** One concern fits into so many lines; what does not is two. Tests and tools are read as much as the product, so they are held to the same. */
const MOST_LINES = 250;
/** The trainer and its model are each read in one sitting, from top to bottom. */
const LONGER: Readonly<Record<string, number>> = {
  'training/bertha_train/train.py': 350,
  'training/bertha_train/model.py': 350,
};
const CODE = ['.ts', '.mjs', '.cjs', '.js', '.py'];
const NOT_OURS = ['node_modules', '__pycache__'];

describe('house: the size of files', () => {
  it(`keeps every file of code, tests included, within ${MOST_LINES} lines`, () => {
    const files = codeBelow('');
    assert.ok(files.length > 500, `only ${files.length} files were found`);
    const tooLong = files
      .map((file) => ({ file, lines: linesOf(readFileSync(join(root, file), 'utf8')) }))
      .filter(({ file, lines }) => lines > (LONGER[file] ?? MOST_LINES))
      .map(({ file, lines }) => `${file}: ${lines} lines`);
    assert.deepEqual(tooLong, []);
  });

  it('counts the lines of a file with and without a line break at its end', () => {
    assert.deepEqual([linesOf('a\nb\n'), linesOf('a\nb'), linesOf('')], [2, 2, 0]);
  });
});

/** Paths of the code in a folder of the clone, from the clone's own folder on; hidden folders hold nothing that we wrote. */
function codeBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name.startsWith('.') || NOT_OURS.includes(entry.name) ? [] : codeBelow(path);
    return entry.isFile() && CODE.includes(extname(entry.name)) ? [path] : [];
  });
}

function linesOf(text: string): number {
  return text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
}
