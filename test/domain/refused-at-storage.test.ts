import assert from 'node:assert/strict';
import { classifyEnding } from '../../domain/endings/classify.js';
import { evidence } from './samples.js';

const refused = (errorMessage: string) =>
  classifyEnding(evidence({ trainerStarted: false, errorCode: 'UserError', errorMessage })).because;

describe('domain: a job that was refused at the storage', () => {
  for (const text of [
    'AuthorizationPermissionMismatch: This request is not authorized to perform this operation using this permission.',
    'ScriptExecution.StreamAccess.Authentication: authentication failed while mounting the input',
  ])
    it(`is told which role is missing: ${text.slice(0, 40)}`, () => {
      assert.match(
        refused(text),
        /the identity of the cluster lacks the role Storage Blob Data Contributor on the storage/,
      );
    });

  it('and no other is', () => {
    assert.doesNotMatch(refused('image build failed'), /role/);
  });
});
