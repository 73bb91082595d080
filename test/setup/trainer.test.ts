import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../house/root.js';
import { load } from './load.js';

const { withoutGpu } = await load<{ withoutGpu: (text: string) => { torch: string[]; others: string } }>('trainer.mjs');

describe("setup: the trainer's packages", () => {
  const locked = readFileSync(join(root, 'training', 'requirements.txt'), 'utf8');
  const { torch, others } = withoutGpu(locked);

  it('pins PyTorch for every Python, without the hashes of another index', () => {
    assert.ok(torch.length > 0);
    for (const requirement of torch) assert.match(requirement, /^torch==\d+\.\d+\.\d+( ; python_full_version .*)?$/);
  });

  it('leaves out what only a GPU needs and keeps the rest with its hashes', () => {
    assert.doesNotMatch(others, /^(torch|triton|nvidia|cuda)/m);
    for (const name of ['numpy', 'safetensors', 'sympy', 'filelock'])
      assert.match(others, new RegExp(`^${name}==.*\\\\\\n +--hash=sha256:`, 'm'));
  });
});
