import assert from 'node:assert/strict';
import { type CopyDetails, Tally } from '../../../activities/copy/tally.js';
import { blocksOf } from '../../../domain/copy/blocks.js';

describe('activities: what a copy tells of its blocks', () => {
  const blocks = blocksOf({ source: 's', path: 'p', bytes: 40, etag: '"1"' }, 10);
  const total = { blobs: 1, bytes: 40 };
  const made = (before: Partial<CopyDetails> | null = null) => {
    const clock = { now: 0 };
    const tally = new Tally(total, () => clock.now, before);
    const tell = (kind: 'sent' | 'acknowledged' | 'there', ...indices: number[]) => {
      for (const block of blocks.filter(({ index }) => indices.includes(index))) tally.add({ kind, to: 'p', block });
    };
    return { clock, tally, tell };
  };

  it('counts a block that is sent again, and one that was under way when the attempt before died', () => {
    const first = made();
    first.tell('sent', 0, 1, 2);
    first.tell('acknowledged', 0);
    first.tell('sent', 1);
    const died = first.tally.details();
    assert.deepEqual([died.repeated, died.underWay], [1, [blocks[1]?.id, blocks[2]?.id]]);

    const second = made(died);
    second.tell('there', 0, 1);
    second.tell('sent', 2, 3);
    assert.deepEqual(second.tally.blocks, { sent: 6, there: 2, repeated: 2 });
  });

  it('counts only what it sees itself where the last heartbeat is lost', () => {
    const { tally, tell } = made();
    tell('there', 0);
    tell('sent', 1, 2, 3);
    assert.deepEqual(tally.blocks, { sent: 3, there: 1, repeated: 0 });
  });

  it('takes what was there for no speed, and begins anew with a blob whose source changed', () => {
    const { clock, tally, tell } = made();
    tell('there', 0, 1);
    tell('sent', 2);
    clock.now = 2000;
    tell('acknowledged', 2);
    assert.deepEqual([tally.details().bytesPerSecond, tally.details().etaSeconds], [5, 2]);
    tally.add({ kind: 'restarted', to: 'p' });
    assert.equal(tally.details().bytes, 0);
    tally.add({ kind: 'committed', to: 'p', bytes: 44 });
    assert.deepEqual([tally.details().bytes, tally.details().blobs], [44, 1]);
  });
});
