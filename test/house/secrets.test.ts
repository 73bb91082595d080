import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { findSecrets } from './secrets.js';

// Made up here, so that no file holds anything that looks like a secret.
const key = createHash('sha512').update('made up').digest('base64');
const token = ['eyJ' + 'hbGciOiJSUzI1NiJ9fQ', 'eyJ' + 'zdWIiOiJtYWRlIHVwIn0', 'c2lnbmF0dXJl'].join('.');
const signature = encodeURIComponent(createHash('sha256').update('made up').digest('base64'));

const secrets: [string, string][] = [
  ['storage account key', `the key ${key} was refused`],
  ['storage account key', `DefaultEndpointsProtocol=https;AccountName=lab;AccountKey=${key.slice(0, 20)};`],
  ['SAS signature', `https://lab.blob.core.windows.net/c/b?sv=2025-01-05&sig=${signature}&se=2026`],
  ['SAS signature', `source=https%3A%2F%2Flab%2Fb%3Fsv%3D2025%26sig%3D${signature}`],
  ['bearer token', `authorization: Bearer ${'abc123'.repeat(4)}`],
  ['JSON web token', `{"access":"${token}"}`],
];

const payload = (text: string) => ({
  metadata: { encoding: 'anNvbi9wbGFpbg==' },
  data: Buffer.from(JSON.stringify(text)).toString('base64'),
});

describe('house: secrets', () => {
  for (const [what, text] of secrets) {
    it(`finds a ${what} in "${text.slice(0, 24)}..."`, () => {
      assert.ok(findSecrets(text).includes(what), 'in plain text');
      const history = { events: [{ input: { payloads: [payload('harmless'), payload(text)] } }] };
      for (const indent of [0, 2])
        assert.ok(
          findSecrets(JSON.stringify(history, null, indent)).includes(what),
          `in a payload, indented by ${indent}`,
        );
      const nested = { data: Buffer.from(JSON.stringify(history)).toString('base64') };
      assert.ok(findSecrets(JSON.stringify(nested)).includes(what), 'in a payload of a payload');
    });
  }

  it('finds nothing in what a history holds by right', () => {
    const harmless = [
      'sha256 '.concat(createHash('sha256').update('a').digest('hex'), createHash('sha512').update('b').digest('hex')),
      'https://lab.blob.core.windows.net/c/b?sv=2025&sig=REDACTED&se=REDACTED',
      'authorization: Bearer REDACTED',
      'the bearer of bad news, a design=plain thing',
      'azureml://datastores/bertha/paths/runs/demo/p1/attempts/a001/20261123T010000000Z-00000001/checkpoints/step-000000120',
    ];
    for (const text of harmless) assert.deepEqual(findSecrets(text), [], text);
    const long = { events: [{ payloads: Array.from({ length: 20 }, (_, index) => payload('x'.repeat(60 + index))) }] };
    assert.deepEqual(findSecrets(JSON.stringify(long)), []);
  });

  it('never repeats the secret', () => {
    for (const [, text] of secrets) assert.ok(findSecrets(text).every((finding) => !text.includes(finding)));
  });
});
