import assert from 'node:assert/strict';
import type { BerthaClient, RunView } from '../../client.js';
import { makeCall } from '../../cli/call.js';
import { Follower } from '../../cli/follow.js';
import type { View } from '../../cli/view/view.js';
import { capturingIo } from './support/run.js';
import { events, runView, status } from './support/views.js';

/** A client whose run looks a little further on each time; an error in the list is thrown. */
function clientOf(...looks: (RunView | Error)[]): BerthaClient {
  let next = 0;
  const getRun = () => {
    const look = looks[Math.min(next++, looks.length - 1)];
    return look instanceof Error ? Promise.reject(look) : Promise.resolve(look);
  };
  return { getRun, configOf: () => Promise.reject(new Error('none')) } as unknown as BerthaClient;
}

function recordingView() {
  const seen = { events: [] as number[], notices: [] as (string | null)[], notes: [] as string[] };
  const view: View = {
    update: (_model, fresh, { notice }) => {
      seen.events.push(...fresh.map(({ sequence }) => sequence));
      seen.notices.push(notice);
    },
    note: (sentence) => void seen.notes.push(sentence),
    end: () => undefined,
  };
  return { view, seen };
}

const call = makeCall(capturingIo().io, { stack: 'local' });
const all = events(
  { kind: 'run-started', continued: false },
  { kind: 'stage-started', stage: 'preflight' },
  { kind: 'run-ended', outcome: 'completed', because: 'done' },
);
const at = (count: number, changes: Partial<RunView> = {}) =>
  runView({ status: status({ events: all.slice(0, count) }), ...changes });

describe('cli: following a run', () => {
  it('shows every event once and returns when the run has ended', async () => {
    const { view, seen } = recordingView();
    const client = clientOf(at(1), at(2), at(2), at(3, { state: 'completed' }));
    const last = await new Follower(call, 1).follow({
      client,
      run: 'demo',
      view,
      signal: new AbortController().signal,
    });
    assert.equal(last.state, 'completed');
    assert.deepEqual(seen.events, [1, 2, 3]);
  });

  it('goes on where it was when it follows again', async () => {
    const { view, seen } = recordingView();
    const follower = new Follower(call, 1);
    const client = clientOf(at(2), at(3, { state: 'canceled' }));
    const first = await follower.follow({ client, run: 'demo', view, signal: AbortSignal.abort() });
    assert.equal(first.state, 'running');
    await follower.follow({ client, run: 'demo', view, signal: new AbortController().signal });
    assert.deepEqual(seen.events, [1, 2, 3]);
  });

  it('says so while no worker runs', async () => {
    const { view, seen } = recordingView();
    const client = clientOf(at(1, { workerRuns: false }), at(2), at(3, { state: 'completed', workerRuns: false }));
    await new Follower(call, 1).follow({ client, run: 'demo', view, signal: new AbortController().signal });
    assert.match(
      seen.notices[0] ?? '',
      /no worker runs: the run waits and loses nothing; start one with: npx bertha .*worker/,
    );
    assert.deepEqual(seen.notices.slice(1), [null, null]);
  });

  it('waits for a server that restarts, and says so', async () => {
    const { view, seen } = recordingView();
    const away = new Error('Failed to describe', {
      cause: Object.assign(new Error('x'), { code: 14, details: 'no connection' }),
    });
    const client = clientOf(at(1), away, away, at(3, { state: 'completed' }));
    const last = await new Follower(call, 1).follow({
      client,
      run: 'demo',
      view,
      signal: new AbortController().signal,
    });
    assert.equal(last.state, 'completed');
    assert.equal(seen.notes.length, 2);
  });

  it('ends with what is not a silent server', async () => {
    const { view } = recordingView();
    const broken = clientOf(at(1), new TypeError('a mistake'));
    await assert.rejects(
      new Follower(call, 1).follow({ client: broken, run: 'demo', view, signal: new AbortController().signal }),
      /a mistake/,
    );
    const check = () => {
      throw new Error('azurite ended by itself');
    };
    await assert.rejects(
      new Follower(call, 1).follow({
        client: clientOf(at(1)),
        run: 'demo',
        view,
        signal: new AbortController().signal,
        check,
      }),
      /azurite ended/,
    );
  });
});
