import assert from 'node:assert/strict';
import {
  type Inventory,
  type Knowledge,
  type LivingJob,
  type RunKnowledge,
  actionable,
  findOrphans,
} from '../../domain/orphans.js';

const says: Record<string, RunKnowledge> = {
  living: { kind: 'live' },
  ended: { kind: 'ended', how: 'terminated' },
  forgotten: { kind: 'not-known' },
  silent: { kind: 'unanswered', because: 'no connection' },
};
const knowledge = (over: Partial<Knowledge> = {}): Knowledge => ({
  run: (name) => says[name] ?? { kind: 'not-known' },
  users: () => [],
  ...over,
});
const job = (run: string | null, over: Partial<LivingJob> = {}): LivingJob => ({
  name: `${run ?? 'stranger'}-p1-a001`,
  status: 'Running',
  run,
  cluster: 'existing',
  ...over,
});
const inventory = (over: Partial<Inventory>): Inventory => ({ jobs: [], clusters: [], nodes: [], ...over });
const verdicts = (over: Partial<Inventory>, known = knowledge()) =>
  findOrphans(inventory(over), known).map(({ kind, name, verdict, act }) => [kind, name, verdict, act]);

describe('domain: orphans', () => {
  it('jobs of runs that ended are orphans; those of live runs and of strangers are none of our business', () => {
    assert.deepEqual(verdicts({ jobs: [job('living'), job('ended'), job(null)] }), [
      ['job', 'ended-p1-a001', 'orphan', 'cancel'],
    ]);
  });

  it('what Temporal gives no answer about is listed, and nothing may be done about it', () => {
    const silent = { jobs: [job('silent', { cluster: 'made' })], clusters: [{ name: 'made', run: 'silent' }] };
    assert.deepEqual(verdicts(silent), [
      ['job', 'silent-p1-a001', 'unknown', null],
      ['cluster', 'made', 'in-use', null],
    ]);
    const findings = findOrphans(inventory(silent), knowledge());
    assert.deepEqual(actionable(findings, { forgotten: true }), []);
  });

  it('what belongs to a run that this Temporal does not know is touched only where that is asked for: it may be live elsewhere', () => {
    const findings = findOrphans(inventory({ jobs: [job('forgotten'), job('ended')] }), knowledge());
    const names = (forgotten: boolean) => actionable(findings, { forgotten }).map(({ name }) => name);
    assert.deepEqual(names(false), ['ended-p1-a001']);
    assert.deepEqual(names(true), ['forgotten-p1-a001', 'ended-p1-a001']);
  });

  describe('a cluster that a run made, which ended', () => {
    const made = [{ name: 'made', run: 'ended' }];

    it('may be deleted where nobody is on it but jobs that are canceled first', () => {
      assert.deepEqual(verdicts({ clusters: made, jobs: [job('ended', { cluster: 'made' })] }), [
        ['job', 'ended-p1-a001', 'orphan', 'cancel'],
        ['cluster', 'made', 'orphan', 'delete'],
      ]);
    });

    for (const [who, other] of Object.entries({
      'a stranger': job(null, { cluster: 'made' }),
      'a live run': job('living', { cluster: 'made', status: 'Queued' }),
      'a run that Temporal gives no answer about': job('silent', { cluster: 'made' }),
      'a run that this Temporal does not know': job('forgotten', { cluster: 'made' }),
    })) {
      it(`stays while a job of ${who} runs or waits on it`, () => {
        const cluster = verdicts({ clusters: made, jobs: [other] }).find(([kind]) => kind === 'cluster');
        assert.deepEqual(cluster, ['cluster', 'made', 'in-use', null]);
      });
    }

    it('stays while the config of a live run names it, also where that has no job yet', () => {
      const known = knowledge({ users: (name) => (name === 'made' ? ['living'] : []) });
      assert.deepEqual(verdicts({ clusters: made }, known), [['cluster', 'made', 'in-use', null]]);
    });

    it('stays where not all live runs could be read: one of them may use it', () => {
      assert.deepEqual(verdicts({ clusters: made }, knowledge({ users: () => null })), [
        ['cluster', 'made', 'unknown', null],
      ]);
    });
  });

  it('a forgotten cluster may go with the forgotten jobs on it, together or not at all', () => {
    const all = { clusters: [{ name: 'made', run: 'forgotten' }], jobs: [job('forgotten', { cluster: 'made' })] };
    const findings = findOrphans(inventory(all), knowledge());
    assert.deepEqual(
      actionable(findings, { forgotten: true }).map(({ kind }) => kind),
      ['job', 'cluster'],
    );
    assert.deepEqual(actionable(findings, { forgotten: false }), []);
  });

  it('a cluster that carries no tag of ours is never listed, though an orphan runs on it; its nodes are, with the job that holds them', () => {
    const node = (id: string, jobName: string | null) => ({ id, cluster: 'existing', state: 'running', jobName });
    const findings = findOrphans(
      inventory({
        jobs: [job('ended')],
        nodes: [node('n1', 'ended-p1-a001'), node('n2', 'stranger'), node('n3', null)],
      }),
      knowledge(),
    );
    assert.deepEqual(
      findings.map(({ kind, name, act, because }) => [kind, name, act, because]),
      [
        ['job', 'ended-p1-a001', 'cancel', 'Running, run ended ended terminated'],
        ['node', 'n1', null, 'running, held by job ended-p1-a001'],
      ],
    );
  });
});
