import assert from 'node:assert/strict';
import { tailJob, type TailEnd } from '../../cli/logs/tail.js';
import { activities, azure } from './support/deps.js';
import { evict, rawJob, submitRequest } from './support/jobs.js';
import { run } from './support/run.js';
import { until } from './support/until.js';
import { end, endRequest } from './support/watching.js';

describe('activities: the logs of a job', function () {
  this.timeout(60_000);

  it('are followed through a restart in place: what both starts wrote, each line once, and a word between them', async () => {
    await run(activities.submitJob, await submitRequest('restarted', 'echo "start $$"; sleep 100'));
    const said: string[] = [];
    const tail: Promise<TailEnd> = tailJob({
      azure: azure(),
      job: 'restarted-p1-a001',
      follow: true,
      rank: 0,
      signal: new AbortController().signal,
      lookEveryMs: 200,
      onLine: ({ rank }, line) => void said.push(`${rank}: ${line}`),
      onNote: (sentence) => void said.push(sentence),
    });
    await until('the first line', () => Promise.resolve(said.length === 1));
    await evict('restarted-p1-a001', 0, 'requeued');
    await until('the line of the second start', () => Promise.resolve(said.length === 3));
    await end(endRequest('restarted'));
    assert.equal(await tail, 'read');
    assert.equal((await rawJob('restarted-p1-a001')).properties.status, 'Canceled');
    assert.match(said[0] ?? '', /^0: start \d+$/);
    assert.equal(said[1], 'job restarted-p1-a001 was started again in place: user_logs/std_log.txt begins anew');
    assert.match(said[2] ?? '', /^0: start \d+$/);
    assert.notEqual(said[0], said[2]);
    assert.equal(said.length, 3);
  });
});
