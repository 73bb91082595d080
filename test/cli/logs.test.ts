import assert from 'node:assert/strict';
import { label, LineSplitter, userLogs } from '../../cli/logs/files.js';
import type { RunView } from '../../client.js';
import { followJobs } from '../../cli/logs/follow.js';
import { namedJob, newestJob, nextJob } from '../../cli/logs/job.js';
import { patientLook } from '../../cli/logs/patient.js';
import { events, runView, status } from './support/views.js';

describe('cli: logs', () => {
  it('takes the logs of the training processes by rank, and no system log', () => {
    const logs = userLogs([
      'system_logs/lifecycler.log',
      'user_logs/std_log_process_10.txt',
      'user_logs/std_log_process_02.txt',
      'user_logs/profile.txt',
    ]);
    assert.deepEqual(logs.map(label), ['[rank 2]', '[rank 10]', '[profile.txt]']);
    assert.deepEqual(userLogs(['user_logs/std_log.txt']).map(label), ['[rank 0]']);
  });

  it('prints whole lines only, however the text arrives', () => {
    const splitter = new LineSplitter();
    assert.deepEqual(splitter.push('step 1\nst'), ['step 1']);
    assert.deepEqual(splitter.push('ep 2\r\n 10%\r 90%\n'), ['step 2', ' 90%']);
    assert.deepEqual(splitter.push('the end'), []);
    assert.deepEqual([splitter.end(), splitter.end()], [['the end'], []]);
  });

  it('finds the job that a person means', () => {
    assert.equal(namedJob('a002', 'demo', 'p1'), 'demo-p1-a002');
    assert.equal(namedJob('p2/a1', 'demo', 'p1'), 'demo-p2-a001');
    assert.equal(namedJob('p2-a001', 'demo', 'p1'), 'demo-p2-a001');
    assert.equal(namedJob('demo-p2-a001', 'demo', 'p1'), 'demo-p2-a001');
    assert.equal(namedJob('the last', 'demo', 'p1'), null);
  });

  it('finds the newest job of a run that has none open', () => {
    const submitted = events(
      { kind: 'job-submitted', phase: 'p2', jobName: 'demo-p2-a001', resumeStep: null, adopted: false },
      { kind: 'stage-started', stage: 'finalize' },
    );
    assert.equal(newestJob({ status: status({ jobName: null, events: submitted }) }), 'demo-p2-a001');
    assert.equal(newestJob({ status: status({ jobName: null }) }), null);
    assert.equal(newestJob({ status: null }), null);
  });

  it('goes on with the job that was submitted next, also where several came and went between two looks', () => {
    const view = (...jobs: string[]) => ({
      status: status({ jobName: jobs.at(-1) ?? null, events: submissions(...jobs) }),
    });
    assert.equal(nextJob(view(), null), null);
    assert.equal(nextJob(view('a001', 'a002'), null), 'a002', 'begins with the newest');
    assert.equal(nextJob(view('a001', 'a002'), 'a002'), null);
    assert.equal(nextJob(view('a001', 'a002', 'a003', 'a004'), 'a002'), 'a003');
    assert.equal(nextJob(view('a090', 'a091'), 'a002'), 'a091', 'the run has forgotten a002');
  });

  it('follows attempt after attempt until the run has ended, each job once, and says what it waits for', async () => {
    const at = (state: RunView['state'], ...jobs: string[]) =>
      runView({ state, status: status({ jobName: null, events: submissions(...jobs) }) });
    const looks = [
      at('running'),
      null,
      at('running', 'a001'),
      at('running', 'a001'),
      at('running', 'a001', 'a002'),
      at('completed', 'a001', 'a002'),
    ];
    const tailed: string[] = [];
    const waited: string[] = [];
    const last = await followJobs({
      look: () => Promise.resolve(looks.length > 1 ? (looks.shift() ?? null) : (looks[0] ?? null)),
      tail: (job) => Promise.resolve(tailed.push(job) > 0 ? 'read' : 'forgotten'),
      onWaiting: (ended) => void waited.push(ended),
      signal: new AbortController().signal,
      lookEveryMs: 1,
    });
    assert.equal(last?.state, 'completed');
    assert.deepEqual(
      [tailed, waited],
      [
        ['a001', 'a002'],
        ['a001', 'a002'],
      ],
    );
  });

  it('stops where the person says so, while it waits and while it prints', async () => {
    const options = { onWaiting: () => undefined, lookEveryMs: 1, look: () => Promise.resolve(runView()) };
    const printing = followJobs({
      ...options,
      tail: () => Promise.resolve('interrupted'),
      signal: new AbortController().signal,
    });
    assert.equal(await printing, null);
    const waiting = followJobs({ ...options, tail: () => Promise.resolve('read'), signal: AbortSignal.abort() });
    assert.equal(await waiting, null);
  });

  it('waits for a server that is silent and says so once each time; another failure is one', async () => {
    const silence = Object.assign(new Error('14'), { code: 14, details: 'no connection' });
    const answers = [silence, silence, 'seen', silence, 'seen', new Error('something else')];
    const notes: string[] = [];
    const look = patientLook(
      (sentence) => void notes.push(sentence),
      () => {
        const answer = answers.shift();
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    );
    const seen = [await look(), await look(), await look(), await look(), await look()];
    assert.deepEqual(seen, [null, null, 'seen', null, 'seen']);
    assert.equal(notes.length, 2);
    await assert.rejects(look(), /something else/);
  });
});

const submissions = (...jobs: string[]) =>
  events(
    ...jobs.map(
      (jobName) => ({ kind: 'job-submitted', phase: 'p1', jobName, resumeStep: null, adopted: false }) as const,
    ),
  );
