import assert from 'node:assert/strict';
import type { DataResult } from '../../client.js';
import { makeCall } from '../../cli/call.js';
import { interruptedSentence } from '../../cli/data/work.js';
import { isBad, linesOf } from '../../cli/data/words.js';
import { capturingIo } from './support/run.js';

const call = makeCall(capturingIo().io, { json: false, stack: 'mine' });
const bad = ['seq-0128/train/shard-00003.safetensors is missing'];
const verified = { folder: 'data/wiki/0123', contentId: '0123456789abcdef', files: 5, bytes: 2_500_000, bad: [] };
const copy = { where: 'training/data/wiki/0123456789abcdef', files: 5, bytes: 2_500_000, bad: [] };
const lines = (result: DataResult): string[] => linesOf(call, result, 'c.yaml');

describe('cli: what is printed of a dataset', () => {
  it('says of both places whether each file is as its manifest says', () => {
    const result = { action: 'verify', verified: { ...verified, copy } } as const;
    assert.deepEqual(lines(result), [
      'at the source in data/wiki/0123: 5 files, 2.5 MB, every one as its manifest says',
      'the copy for runs in training/data/wiki/0123456789abcdef: 5 files, 2.5 MB, every one as its manifest says',
    ]);
    assert.equal(isBad(result), false);
  });

  it('names what is bad in the copy alone, and what mends it', () => {
    const result = { action: 'verify', verified: { ...verified, copy: { ...copy, bad } } } as const;
    assert.deepEqual(lines(result).slice(1), [
      'the copy for runs in training/data/wiki/0123456789abcdef: 5 files, 2.5 MB, 1 bad',
      '  seq-0128/train/shard-00003.safetensors is missing',
      'mend the copy with: npx bertha --stack mine data copy c.yaml',
    ]);
    assert.equal(isBad(result), true);
  });

  it('names what is bad at the source, where no copy can mend anything', () => {
    const result = { action: 'verify', verified: { ...verified, bad, copy: { ...copy, bad } } } as const;
    assert.deepEqual([lines(result).length, isBad(result)], [4, true]);
    const alone = { action: 'verify', verified: { ...verified, bad, copy: null } } as const;
    assert.match(lines(alone).at(-1) ?? '', /^no copy for runs yet; make it with: .* data copy c\.yaml$/);
    assert.equal(isBad(alone), true);
  });

  it('says before a copy what is there and what it would bring over', () => {
    const planned = { folder: 'data/wiki/01', contentId: '01', blobs: 5, bytes: 2_500_000, blocksLeft: 3 };
    const plan = (there: { blobs: number; bytes: number }) =>
      lines({ action: 'plan', outline: null, folder: 'data/wiki/0123', copy: { ...planned, there } });
    assert.deepEqual(plan({ blobs: 0, bytes: 0 }), [
      'the dataset is there already, in data/wiki/0123: nothing is to be prepared',
      'a copy for runs brings over 5 files, 2.5 MB, to data/wiki/01',
      'copy it with: npx bertha --stack mine data copy c.yaml',
    ]);
    assert.match(plan({ blobs: 2, bytes: 1_000_000 })[1] ?? '', /, of which 2 files, 1\.0 MB, are there, to /);
    assert.equal(
      plan({ blobs: 5, bytes: 2_500_000 })[1],
      'the copy for runs is there: 5 files, 2.5 MB in data/wiki/01',
    );
  });

  it('says of a plan that near duplicates go', () => {
    const outline = { inputs: 'ab', pieces: 2, sets: 1, bytes: 1e6, nearDuplicates: 0.8, prepared: null };
    assert.deepEqual(
      lines({ action: 'plan', outline, folder: null })[1],
      'near duplicates are left out: pages with 80 % of their text in common',
    );
  });

  it('says at Ctrl-C what goes on, and how to look again and to end it', () => {
    const words = { action: 'prepare', dataset: 'wiki' } as const;
    assert.equal(
      interruptedSentence(call, { ...words, isAlone: false }, 'c.yaml'),
      'prepare of dataset wiki goes on; look again with: npx bertha --stack mine data prepare c.yaml, stop it with: npx bertha --stack mine data cancel c.yaml',
    );
    assert.equal(
      interruptedSentence(call, { ...words, isAlone: true }, 'c.yaml'),
      'stopping the local stack, and prepare of dataset wiki with it; what is done is kept, go on with: npx bertha --stack mine data prepare c.yaml',
    );
  });
});
