import assert from 'node:assert/strict';
import { label, LineSplitter, userLogs } from '../../cli/logs/files.js';
import { namedJob, newestJob } from '../../cli/logs/job.js';
import { events, status } from './support/views.js';

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
});
