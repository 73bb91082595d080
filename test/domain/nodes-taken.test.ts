import assert from 'node:assert/strict';
import { type ListedNode, nodesTaken } from '../../domain/endings/evidence.js';

describe('domain: nodes that are gone', () => {
  const node = (id: string, state: string, jobName: string | null = 'j'): ListedNode => ({ id, state, jobName });

  it('are those of the job, by rank where the trainer told their order', () => {
    const nodes = [
      node('a', 'running'),
      node('b', 'preempted'),
      node('c', 'preempted', 'other'),
      node('d', 'unusable'),
    ];
    assert.deepEqual(nodesTaken(nodes, 'j', ['a', 'b', 'd']), ['1 (b)', '2 (d)']);
    assert.deepEqual(nodesTaken(nodes, 'j', []), ['b', 'd']);
  });

  it('are not those of an earlier start of the job, which the cluster still lists', () => {
    assert.deepEqual(nodesTaken([node('old', 'preempted')], 'j', ['new-1', 'new-2']), []);
  });
});
