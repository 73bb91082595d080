import assert from 'node:assert/strict';

import { API_VERSIONS, Models } from '../../../emulator/versions/models.js';
import { project } from '../../../emulator/versions/project.js';
import { unknownMembers } from '../../../emulator/versions/strict.js';

const at = (version: string): Models => Models.of(version) ?? assert.fail(`${version} is not served`);

const job = {
  properties: {
    jobType: 'Command',
    command: 'x',
    outputs: {
      first: { assetVersion: '2', jobOutputType: 'uri_folder' },
      second: { assetVersion: '3', jobOutputType: 'uri_folder' },
    },
  },
};

describe('emulator: a request speaks its api-version', () => {
  it('a member that one api-version knows and another does not is refused by the other alone', () => {
    assert.deepEqual(unknownMembers(at('2023-04-01-preview'), 'JobBase', job), []);
    assert.equal(unknownMembers(at('2025-01-01-preview'), 'JobBase', job).length, 2);
  });

  it('the refusal names member, type, and path within the object whose kind was told', () => {
    const [first] = unknownMembers(at('2025-01-01-preview'), 'JobBase', job);
    assert.match(
      first ?? '',
      /^Could not find member 'assetVersion' on object of type 'UriFolderJobOutput'\. Path 'assetVersion', line 1, position \d+\.$/,
    );
  });

  it('the position stands behind the colon of the member in the compact body', () => {
    const text = JSON.stringify(job);
    const expected = [...text.matchAll(/"assetVersion":/g)].map((match) => match.index + match[0].length);
    const positions = unknownMembers(at('2025-01-01-preview'), 'JobBase', job).map((sentence) =>
      Number(/position (\d+)/.exec(sentence)?.[1]),
    );
    assert.deepEqual(positions, expected);
  });

  it('a member that no api-version knows is refused, in a plain object by its path from the nearest such kind', () => {
    const body = { properties: { jobType: 'Command', resources: { instanceCount: 1, gpus: 8 } } };
    assert.match(
      unknownMembers(at('2023-10-01'), 'JobBase', body)[0] ?? '',
      /'gpus' on object of type 'JobResourceConfiguration'\. Path 'resources\.gpus'/,
    );
  });

  it('maps of free names are never looked into', () => {
    const body = { properties: { jobType: 'Command', tags: { anything: '1' }, environmentVariables: { ANY: '2' } } };
    assert.deepEqual(unknownMembers(at('2023-10-01'), 'JobBase', body), []);
  });

  it('names like those of every object are no members', () => {
    const body = { properties: { jobType: 'Command', constructor: 'x' } };
    assert.equal(unknownMembers(at('2023-10-01'), 'JobBase', body).length, 1);
  });
});

describe('emulator: an answer speaks its api-version', () => {
  const stored = { properties: { jobType: 'Command', command: 'x', queueSettings: null, seenNowhere: 1 } };

  it('leaves out what came later, and keeps what no version describes', () => {
    assert.deepEqual(project(at('2022-10-01-preview'), 'JobBase', stored), {
      properties: { jobType: 'Command', command: 'x', seenNowhere: 1 },
    });
    assert.deepEqual(project(at('2023-10-01'), 'JobBase', stored), stored);
  });

  it('a version that no client carries is read as the one that the overlay names', () => {
    assert.deepEqual(project(at('2024-04-01'), 'JobBase', stored), stored);
    assert.ok(API_VERSIONS.includes('2024-04-01'));
    assert.equal(Models.of('1999-01-01'), undefined);
  });
});
