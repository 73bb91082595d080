import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { RunConfig } from '../domain/config.js';
import { contentHash } from '../domain/names.js';
import type { Deps } from './deps.js';

export const environmentMissing = (name: string, version: string): string =>
  `the workspace has no environment ${name}:${version}; correct environment.version, or name environment.image and environment.requirements instead`;

/** What an environment is made of; its version is the hash of that. */
export async function contentOf(
  { installation }: Deps,
  { name, image = '', requirements = '' }: RunConfig['environment'],
) {
  const text = await readFile(resolve(installation, requirements), 'utf8').catch(() => {
    throw ApplicationFailure.nonRetryable(
      `environment.requirements: ${requirements} cannot be read on this worker`,
      'ConfigError',
    );
  });
  const condaFile = condaFileOf(text);
  return { name, version: contentHash({ image, condaFile }).slice(0, 16), image, condaFile };
}

/** Azure ML builds environments from conda files; the pip part holds the locked requirements line by line. */
function condaFileOf(requirements: string): string {
  const joined = requirements.replace(/\\\n\s*/g, ' ');
  const lines = joined
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
  // pip's hash options cannot stand in a conda file: exact versions go in, the hashes are checked where pip is called directly.
  const pins = lines.map((line) => line.replace(/\s+--hash=\S+/g, ''));
  return [
    'name: bertha',
    'dependencies:',
    '  - python=3.11',
    '  - pip',
    '  - pip:',
    ...pins.map((pin) => `      - ${JSON.stringify(pin)}`),
    '',
  ].join('\n');
}
