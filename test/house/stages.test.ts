import assert from 'node:assert/strict';
import * as worked from '../../corpus/stages/tasks.js';
import * as givenOut from '../../domain/preparation.js';

// Workflows may not import corpus/, and corpus/ imports nothing of ours: the list stands in both, and this holds them to it.
describe('house: the stages of a preparation', () => {
  it('are the same for the workflow that gives them out and for the workers that do them', () => {
    assert.deepEqual(givenOut.STAGES, worked.stages);
  });

  for (const nearDuplicates of [undefined, 0.9]) {
    it(`have as many tasks here as there where near duplicates ${nearDuplicates === undefined ? 'stay' : 'are left out'}`, () => {
      const extent = { pieces: 7, sets: 2, nearDuplicates };
      const tasks = (of: typeof worked.tasksIn) => worked.stages.map((stage) => of(stage, extent, 5));
      assert.deepEqual(tasks(givenOut.tasksIn), tasks(worked.tasksIn));
    });
  }
});
