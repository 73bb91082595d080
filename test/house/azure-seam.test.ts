import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.js';

/** Words by which code would treat a rehearsal otherwise than Azure, or trust somebody that it should not. */
const SWITCH =
  /emulat|azurite|devstoreaccount|127\.0\.0\.1|localhost|loopback|allowInsecureConnection|rejectUnauthorized|TLS_REJECT/i;

describe('house: azure/ is the same for Azure and for a rehearsal', () => {
  it('no file of it knows of an emulator, of this machine or of a way round certificates', () => {
    const inside = readdirSync(join(root, 'azure'), { recursive: true, encoding: 'utf8' });
    const files = inside.filter((name) => name.endsWith('.ts'));
    for (const known of ['connection.ts', join('copy', 'open.ts')])
      assert.ok(files.includes(known), 'the folder is where it is looked for');
    const found = files.flatMap((name) =>
      readFileSync(join(root, 'azure', name), 'utf8')
        .split('\n')
        .flatMap((line, index) => (SWITCH.test(line) ? [`azure/${name}:${index + 1} ${line.trim()}`] : [])),
    );
    assert.deepEqual(found, []);
  });

  for (const line of [
    "if (process.env['AZUREML_EMULATOR'] === '1') endpoint = url;",
    "const blob = isLocal ? 'http://127.0.0.1:10000/devstoreaccount1' : url;",
    "new URL(endpoint).hostname === 'localhost'",
    '{ allowInsecureConnection: true }',
  ]) {
    it(`would catch: ${line}`, () => assert.match(line, SWITCH));
  }
});
