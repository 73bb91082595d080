import assert from 'node:assert/strict';
import type { ListedNode } from '../../domain/endings/evidence.js';
import { type EndMemory, type EndSighting, type EndVerdict, newEnd, proveEnd, wantsNodes } from '../../domain/proof.js';
import { configWith } from './samples.js';

const { stopping } = configWith();
const rules = (ownsCluster = false, wanted = true) => ({
  jobName: 'j',
  stopping,
  pollSeconds: 30,
  ownsCluster,
  wanted,
});
const job = (status: string) => ({ answered: true, status }) as const;
const silent = { answered: false, why: 'HTTP 503' } as const;
const node = (state: string, jobName: string | null): ListedNode => ({ id: `${state}-${jobName}`, state, jobName });

/** A cluster and a job that are looked at every 30 s; nodes are listed when they are wanted. */
class Stop {
  at = 0;
  memory: EndMemory = newEnd();

  constructor(
    private readonly ownsCluster = false,
    private readonly wanted = true,
  ) {}

  look(sight: EndSighting['job'], listed: readonly ListedNode[] | 'unanswered' = []): EndVerdict {
    this.at += 30_000;
    const wanted = wantsNodes(this.memory, rules());
    const nodes = !wanted
      ? null
      : listed === 'unanswered'
        ? { answered: false as const }
        : { answered: true as const, nodes: listed };
    const { memory, verdict } = proveEnd(
      this.memory,
      { at: this.at, job: sight, nodes },
      rules(this.ownsCluster, this.wanted),
    );
    this.memory = JSON.parse(JSON.stringify(memory)) as EndMemory;
    return verdict;
  }

  /** What is asked for, look by look, each once. */
  asked(looks: number, sight: EndSighting['job'], listed: readonly ListedNode[] | 'unanswered' = []): string[] {
    const said: string[] = [];
    for (let index = 0; index < looks; index++) {
      const verdict = this.look(sight, listed);
      const what =
        verdict.kind === 'act' ? verdict.do : verdict.kind === 'proven' ? `proven ${verdict.status}` : 'alive';
      if (said.at(-1) !== what) said.push(what);
      if (verdict.kind === 'proven') break;
    }
    return said;
  }
}

describe('domain: the proof that a job has ended', () => {
  it('is a terminal word of Azure', () => {
    for (const status of ['Completed', 'Failed', 'Canceled'])
      assert.deepEqual(new Stop().look(job(status)), { kind: 'proven', status, because: `Azure says ${status}` });
  });

  it('B6 is never given while Azure does not answer, however long', () => {
    assert.deepEqual(new Stop().asked(10_000, silent), ['wait']);
  });

  it('B17 asks for the cancel again as long as Azure shows none', () => {
    const stop = new Stop();
    assert.deepEqual(stop.asked(5, job('Running')), ['cancel']);
    assert.deepEqual(stop.asked(5, job('CancelRequested')), ['wait']);
    assert.deepEqual(stop.asked(1, job('Running')), ['cancel']);
  });

  it('is two looks apart that find no node, for a job that does not end in time', () => {
    const said = new Stop().asked(100, job('CancelRequested'), [node('idle', null), node('running', 'other')]);
    assert.deepEqual(said, ['wait', 'list-nodes', 'proven GivenUp']);
  });

  it('is not one look alone, nor two at once', () => {
    const stop = new Stop();
    stop.asked(31, job('CancelRequested'), []);
    assert.equal(stop.look(job('CancelRequested')).kind, 'act');
    assert.equal(stop.look(job('CancelRequested')).kind, 'act');
    assert.equal(stop.look(job('CancelRequested')).kind, 'proven');
  });

  it('begins anew when a node of the job shows up between the looks', () => {
    const stop = new Stop();
    stop.asked(32, job('CancelRequested'), []);
    assert.equal(stop.look(job('CancelRequested'), [node('running', 'j')]).kind, 'act');
    assert.equal(stop.look(job('CancelRequested'), []).kind, 'act');
    assert.equal(stop.look(job('CancelRequested'), []).kind, 'act');
    assert.equal(stop.look(job('CancelRequested'), []).kind, 'proven');
  });

  it('deletes nothing and calls nobody for a list of nodes that is never answered', () => {
    assert.deepEqual(new Stop(true).asked(400, job('CancelRequested'), 'unanswered'), ['wait', 'list-nodes']);
  });

  it('takes no unanswered list of nodes for an empty one', () => {
    assert.deepEqual(new Stop().asked(1000, job('CancelRequested'), 'unanswered').includes('proven GivenUp'), false);
  });

  it('takes a preempted node for gone, and one that runs something unnamed for ours', () => {
    assert.equal(new Stop().asked(200, job('CancelRequested'), [node('preempted', 'j')]).at(-1), 'proven GivenUp');
    assert.equal(new Stop().asked(200, job('CancelRequested'), [node('running', null)]).at(-1), 'call-a-person');
    assert.equal(new Stop().asked(200, job('CancelRequested'), [node('leaving', 'j')]).at(-1), 'call-a-person');
  });

  it('deletes the cluster of a job that keeps its nodes, where the run made it, and calls a person where it did not', () => {
    const held = [node('running', 'j')];
    const own = new Stop(true);
    assert.deepEqual(own.asked(200, job('CancelRequested'), held), ['wait', 'list-nodes', 'delete-cluster']);
    assert.deepEqual(own.asked(10, job('CancelRequested'), []), ['list-nodes', 'proven GivenUp']);
    assert.deepEqual(new Stop(false).asked(200, job('CancelRequested'), held), ['wait', 'list-nodes', 'call-a-person']);
  });

  it('never deletes a cluster that runs somebody else’s job too, though the run made it', () => {
    const held = [node('running', 'j'), node('running', 'somebody-elses')];
    assert.deepEqual(new Stop(true).asked(200, job('CancelRequested'), held), ['wait', 'list-nodes', 'call-a-person']);
    const left = [node('running', 'j'), node('preempted', 'somebody-elses')];
    assert.equal(new Stop(true).asked(200, job('CancelRequested'), left).at(-1), 'delete-cluster');
  });

  it('of a job that Azure does not know any more takes its nodes too, and the time that a cancel would have', () => {
    assert.deepEqual(new Stop().asked(30, job('NotFound'), []), ['list-nodes']);
    assert.deepEqual(new Stop().asked(40, job('NotFound'), []), ['list-nodes', 'proven NotFound']);
    assert.equal(new Stop().asked(100, job('NotFound'), [node('running', 'j')]).includes('proven NotFound'), false);
  });

  it('comes to an end where Azure does not know the job and a node may run it: the own cluster goes, else a person is called', () => {
    const held = [node('running', 'j')];
    assert.deepEqual(new Stop(true).asked(200, job('NotFound'), held), ['list-nodes', 'delete-cluster']);
    assert.deepEqual(new Stop(false).asked(200, job('NotFound'), held), ['list-nodes', 'call-a-person']);
    assert.deepEqual(new Stop(false).asked(200, job('NotFound'), [node('running', null)]), [
      'list-nodes',
      'call-a-person',
    ]);
  });

  it('turns back where the job only seemed to be unknown: it is watched again, not canceled', () => {
    const stop = new Stop(false, false);
    assert.deepEqual(stop.asked(5, job('NotFound'), [node('running', 'j')]), ['list-nodes']);
    assert.deepEqual(stop.asked(1, job('Running')), ['alive']);
    assert.deepEqual(new Stop(false, false).asked(40, job('NotFound'), []), ['list-nodes', 'proven NotFound']);
  });
});
