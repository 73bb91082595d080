import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Work } from '../../emulator/agent/work.js';
import type { FromNode, NodeSpec } from '../../emulator/nodes/messages.js';

describe('A node of the emulator', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emulator-agent-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('that is stopped while it prepares has nothing to send, and sends nothing', async () => {
    const told: FromNode[] = [];
    const work = new Work(specOf(folder), 'no-such-node', (message) => told.push(message));
    const prepared = work.prepare();
    await work.stop(0);
    await prepared;
    assert.deepEqual(
      told.filter(({ type }) => type !== 'prepared'),
      [{ type: 'flushed', problem: null }],
    );
  });
});

/** One process, one output to upload, and a storage that nobody can reach. */
function specOf(folder: string): NodeSpec {
  const place = { endpoint: '', account: '', key: '', container: 'none', prefix: 'out', caFile: join(folder, 'none') };
  return {
    job: 'job',
    folder,
    rank: 0,
    nodes: 1,
    processes: 1,
    command: 'true',
    environment: {},
    literals: {},
    code: null,
    inputs: [],
    outputs: [{ name: 'out', mode: 'upload', place }],
    artifacts: null,
    rendezvous: null,
  };
}
