import { existsSync, readFileSync } from 'node:fs';
import { bertha } from '../../installation.js';

/**
 * Path of the time-skipping test server: the one that the set-up installed, else `BERTHA_TEST_SERVER`.
 * @throws where there is neither: the tests of the workflows are too important to be passed over in silence
 */
export function testServer(): string {
  const file = bertha('tools.json');
  const tools = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { testServer?: string }) : {};
  const path = tools.testServer ?? process.env['BERTHA_TEST_SERVER'];
  if (path === undefined)
    throw new Error(
      'no time-skipping test server: run the tests with "npm test", or set BERTHA_TEST_SERVER to its path',
    );
  return path;
}
