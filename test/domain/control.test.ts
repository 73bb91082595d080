import assert from 'node:assert/strict';
import {
  carriedOver,
  changeControl,
  controlAfter,
  controlFile,
  intervalControl,
  isAcknowledged,
  isCheckpointTaken,
  newControl,
  renewed,
} from '../../domain/control.js';
import { stopStep } from '../../domain/stopping.js';
import { Looks, beat, running, status, trainer } from './watch/looks.js';
import { config } from './samples.js';

describe('domain: talking to the trainer', () => {
  it('writes the whole wanted state, as docs/payload-contract.md has it', () => {
    const at = Date.UTC(2026, 10, 23);
    const asked = changeControl(
      newControl(at),
      { checkpoint: true, checkpointSeconds: 300, lease: { seconds: 1, affordableSeconds: null } },
      at + 500,
    );
    assert.deepEqual(controlFile(asked, 0, at), {
      ...{ format: 'bertha-control/1', sequence: 20_000, at: '2026-11-23T00:00:00.500Z', checkpointNow: 1 },
      ...{ checkpointSeconds: 300, checkpointSteps: null, stop: null, spendUntil: '2026-11-23T00:00:01.000Z' },
    });
  });

  it('counts a sequence only where something changes', () => {
    const control = changeControl(newControl(0), { stop: 'after-checkpoint' }, 1);
    assert.equal(changeControl(control, { stop: 'after-checkpoint' }, 2), control);
    assert.equal(changeControl(control, { checkpoint: true }, 2).sequence, 3);
  });

  it('is acknowledged by the sequence, and a checkpoint by its count', () => {
    const control = changeControl(newControl(0), { checkpoint: true }, 1);
    assert.deepEqual(
      [null, undefined, { sequence: 10_007 }, { sequence: 20_000 }, { sequence: 20_001 }].map((ack) =>
        isAcknowledged(control, ack),
      ),
      [false, false, false, true, true],
    );
    assert.equal(isCheckpointTaken(control, { sequence: 2, checkpointNow: 0 }), false);
    assert.equal(isCheckpointTaken(control, { sequence: 2, checkpointNow: 1 }), true);
  });

  it('is numbered between its own state and the next where the watch alone sends a new interval', () => {
    const sent = (control = newControl(0), acknowledged: number | null = null) => {
      const ack = acknowledged === null ? null : { sequence: acknowledged };
      const { sequence, checkpointSeconds } = controlFile(control, 0, 0, { checkpointSeconds: 90, ack });
      return [sequence, checkpointSeconds];
    };
    assert.deepEqual(sent(), [10_000, 90]);
    assert.deepEqual(sent(newControl(0), 10_000), [10_001, 90]);
    const changed = changeControl(newControl(0), { checkpoint: true }, 1);
    assert.deepEqual(sent(changed, 10_001), [20_000, 90], 'what the workflow wants comes behind all of those');
    assert.deepEqual(sent(changed, 20_000), [20_001, 90]);
    assert.deepEqual(sent(changed, 29_999), [29_999, 90], 'and is never taken for the state after it');
  });

  it('comes behind whatever another supervisor said, also one of a release that numbered by ones', () => {
    for (const [told, next] of [
      [3, 20_000],
      [20_004, 30_000],
    ] as const) {
      const { sequence } = controlFile(controlAfter({ sequence: told, checkpointNow: 0 }, 0), 0, 0);
      assert.equal(sequence, next);
      assert.ok(next > told);
    }
  });

  it('says both intervals outright, for the trainer keeps what it was told before', () => {
    const bySteps = config();
    assert.deepEqual(intervalControl(bySteps, null), { checkpointSeconds: 0, checkpointSteps: 40 });
    assert.deepEqual(intervalControl(bySteps, { seconds: 60, steps: null }), {
      checkpointSeconds: 60,
      checkpointSteps: 0,
    });
  });

  it('begins to count requests anew for a new incarnation, and keeps all else', () => {
    const control = changeControl(newControl(0), { checkpoint: true, stop: 'after-checkpoint' }, 1);
    assert.deepEqual(carriedOver(control, 2), { ...control, checkpointNow: 0, sequence: 3, at: 2 });
  });

  it('lets a lease begin anew by a further message, and says nothing where there is none', () => {
    const control = changeControl(newControl(0), { lease: { seconds: 600, affordableSeconds: null } }, 0);
    assert.deepEqual(renewed(control, 5), { ...control, sequence: 3, at: 5 });
    assert.equal(renewed(newControl(0), 5).sequence, 1);
  });
});

describe('domain: bringing a job to its end', () => {
  const { stopping } = config();

  it('asks a trainer that lives to save and leave, waits, and then cancels', () => {
    const { memory } = new Looks().started();
    assert.equal(stopStep(memory, null, stopping), 'ask-trainer');
    assert.equal(stopStep(memory, 119, stopping), 'wait');
    assert.equal(stopStep(memory, 120, stopping), 'cancel');
  });

  it('cancels at once where no trainer would hear it', () => {
    const queued = new Looks();
    queued.look(status('Queued'), trainer(null));
    const silent = new Looks().started();
    silent.forSeconds(120, running, () => trainer(beat()));
    const stuck = new Looks().started();
    stuck.look(running, trainer(beat({ sequence: 2, stuck: true })));
    for (const { memory } of [new Looks(), queued, silent, stuck])
      assert.equal(stopStep(memory, null, stopping), 'cancel');
  });
});
