import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';

import { skipUnless } from '../../house/skip.js';
import { SWAGGER } from './swagger/documents.js';
import { validate } from './validate.js';

const W = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w';

describe("Azure's schema", function () {
  skipUnless(existsSync(SWAGGER), `needs ${SWAGGER}: put the shared data beside the clone, or set BERTHA_SHARED`);

  it('takes a job that is as it should be, both ways', () => {
    assert.deepEqual(put(JOB, JOB), []);
  });

  it('finds a member that nobody declares, in a request and in an answer, however deep', () => {
    const deep = { ...JOB, resources: { instanceCount: 1, colour: 'red' } };
    assert.deepEqual(put({ ...JOB, colour: 'red' }, deep), [
      'request: CommandJob.colour is not declared',
      'answer: JobResourceConfiguration.colour is not declared',
    ]);
  });

  it('looks at an input as what its own kind may be', () => {
    const literal = { jobInputType: 'literal', value: '1', uri: 'azureml://a' };
    assert.deepEqual(put(JOB, { ...JOB, inputs: { one: literal } }), ['answer: LiteralJobInput.uri is not declared']);
    const odd = { jobInputType: 'odd' };
    assert.match(put(JOB, { ...JOB, inputs: { one: odd } })[0] ?? '', /jobInputType is "odd", none of .*uri_folder/);
  });

  it('finds what is missing, null, of another type, and none of the words that are allowed', () => {
    const { command: _, ...silent } = JOB;
    assert.deepEqual(put(JOB, silent), ['answer: CommandJob.command is missing']);
    assert.deepEqual(put(JOB, { ...JOB, command: null }), ['answer: CommandJob.command is null']);
    assert.deepEqual(put(JOB, { ...JOB, isArchived: 'no' }), ['answer: CommandJob.isArchived must be boolean']);
    assert.match(put(JOB, { ...JOB, status: 'Done' })[0] ?? '', /^answer: JobStatus as status is "Done", none of/);
    assert.deepEqual(put(JOB, { ...JOB, limits: { jobLimitsType: 'Command', timeout: '1 hour' } }).length, 1);
  });

  it('takes null where the schema says so, as recordings have it', () => {
    assert.deepEqual(put(JOB, { ...JOB, codeId: null, limits: { jobLimitsType: 'Command', timeout: null } }), []);
  });

  it('lets members go one way only where they do', () => {
    assert.deepEqual(put({ ...JOB, status: 'Running' }, JOB), ['request: CommandJob.status is not declared']);
    const secrets = { secretsType: 'AccountKey', key: 'a key' };
    const store = { datastoreType: 'AzureBlob', credentials: { credentialsType: 'AccountKey', secrets } };
    const body = JSON.stringify({ properties: store });
    const path = `${W}/datastores/one`;
    const problems = validate({ method: 'PUT', path, requestText: body, status: 201, answerText: body });
    assert.deepEqual(
      problems.map(({ sentence }) => sentence),
      ['answer: AccountKeyDatastoreCredentials.secrets is not declared'],
    );
  });

  it('knows the statuses and the errors of an operation', () => {
    const ask = (status: number, answerText: string): string[] =>
      validate({ method: 'GET', path: `${W}/jobs/one`, requestText: '', status, answerText }).map(
        (each) => each.sentence,
      );
    assert.deepEqual(ask(202, ''), ['answer: Jobs_Get 202 is not declared']);
    assert.deepEqual(ask(404, '{"error":{"code":"UserError","message":"no"}}'), []);
    assert.deepEqual(ask(404, '{"oops":1}'), ['answer: ErrorResponse.oops is not declared']);
    assert.deepEqual(ask(200, ''), ['answer: Jobs_Get 200 has no body']);
  });

  it('knows what it does not know', () => {
    const path = `${W}/poems/one`;
    const problems = validate({ method: 'GET', path, requestText: '', status: 200, answerText: '{}' });
    assert.deepEqual(
      problems.map(({ sentence }) => sentence),
      ['GET poems/* is not declared'],
    );
  });
});

const JOB = {
  jobType: 'Command',
  command: 'true',
  environmentId: 'azureml:one:1',
  inputs: { one: { jobInputType: 'uri_folder', uri: 'azureml://datastores/a/paths/b', mode: 'Download' } },
};

function put(sent: object, answered: object): string[] {
  const text = (properties: object): string => JSON.stringify({ properties });
  const judged = {
    method: 'PUT',
    path: `${W}/jobs/one`,
    requestText: text(sent),
    status: 201,
    answerText: text(answered),
  };
  return validate(judged).map(({ sentence }) => sentence);
}
