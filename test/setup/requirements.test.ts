import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentOf } from '../../activities/environment.js';
import type { Deps } from '../../activities/deps.js';
import { root } from '../house/root.js';
import { load } from './load.js';

const { withoutGpu } = await load<{ withoutGpu: (text: string) => { torch: string[]; others: string } }>('trainer.mjs');

const text = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const lock = text('training', 'requirements.txt');

/** The pins of a locked file, `name==version` with its marker, and how many hashes each has. */
function pins(locked: string): Map<string, number> {
  const blocks = locked.split(/^(?=\S)/m).filter((block) => /^[\w.-]+==/.test(block));
  const pinOf = (block: string) => (block.split('\\')[0] ?? '').trim();
  return new Map(blocks.map((block) => [pinOf(block), block.match(/--hash=sha256:[0-9a-f]{64}/g)?.length ?? 0]));
}

describe("setup: the trainer's environments", () => {
  it('come from one list: what is asked for by hand is pinned in the lock, and everything there has a hash', () => {
    const asked = text('training', 'requirements.in')
      .split('\n')
      .filter((line) => /^[a-z]/.test(line));
    for (const line of asked) {
      const [, name, version] = /^([\w-]+)(?:==([\d.]+))?/.exec(line) ?? [];
      const start = version === undefined ? `${name}==` : `${name}==${version}`;
      assert.ok(
        [...pins(lock).keys()].some((pin) => pin.startsWith(start)),
        `${line} is not in the lock`,
      );
    }
    assert.deepEqual(
      [...pins(lock)].filter(([, hashes]) => hashes === 0),
      [],
    );
  });

  it('on a CPU are that of a GPU without what only a GPU needs', () => {
    const { torch, others } = withoutGpu(lock);
    const onCpu = [...torch, ...pins(others).keys()];
    assert.deepEqual(
      onCpu.filter((pin) => !pins(lock).has(pin)),
      [],
    );
    const left = [...pins(lock).keys()].filter((pin) => !onCpu.includes(pin));
    assert.ok(left.length > 0);
    for (const pin of left) assert.match(pin, /^(triton|nvidia-|cuda-)/);
  });

  it('on Azure ML has every pin of the lock and no other, behind its image', async () => {
    const deps = { installation: root } as unknown as Deps;
    const image = 'mcr.microsoft.com/azureml/any:1';
    const made = await contentOf(deps, { name: 'any', image, requirements: 'training/requirements.txt' });
    const inConda = [...made.condaFile.matchAll(/^ {6}- (".*")$/gm)].map(([, pin]) => JSON.parse(pin ?? '') as string);
    assert.deepEqual(inConda.map((pin) => pin.trim()).sort(), [...pins(lock).keys()].sort());
    assert.equal(made.image, image);
  });

  for (const file of [
    ['training', 'examples', 'requirements-huggingface.txt'],
    ['test', 'payload', 'requirements.txt'],
    ['setup', 'requirements-test.txt'],
  ])
    it(`${file.join('/')} takes no other version of what the trainer has`, () => {
      const names = new Set([...pins(lock).keys()].map((pin) => pin.split('==')[0]));
      const shared = [...pins(text(...file)).keys()].filter((pin) => names.has(pin.split('==')[0]));
      assert.deepEqual(
        shared
          .filter((pin) => !pins(lock).has(pin))
          .map(versionOf)
          .filter((pin) => !versions.has(pin)),
        [],
      );
    });
});

/** Without the marker: a file that asks for less may have a simpler one. */
const versionOf = (pin: string): string => (pin.split(';')[0] ?? '').trim();
const versions = new Set([...pins(lock).keys()].map(versionOf));
