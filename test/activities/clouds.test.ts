import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobEndpoint, resolveCloud } from '../../azure/clouds.js';
import { AzureError } from '../../azure/errors.js';
import { installation } from '../../installation.js';

describe('activities: clouds', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'bertha-clouds-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const permanent = (message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof AzureError && error.kind === 'permanent');
    assert.match(error.message, message);
    return true;
  };

  it("have Azure's own endpoints by their own names, each within its own domain", () => {
    const endpoints = (name: string) => {
      const cloud = resolveCloud(name);
      return [cloud.resourceManager, cloud.audience, cloud.authority, blobEndpoint(cloud, 'mine')];
    };
    const azure = 'https://management.azure.com';
    assert.deepEqual(endpoints('AzureCloud'), [
      azure,
      azure,
      'https://login.microsoftonline.com',
      'https://mine.blob.core.windows.net',
    ]);
    assert.ok(endpoints('AzureUSGovernment').every((url) => /\.(usgovcloudapi\.net|microsoftonline\.us)$/.test(url)));
    assert.ok(endpoints('AzureChinaCloud').every((url) => /\.chinacloudapi\.cn$/.test(url)));
  });

  it('of an unknown name are refused, with the known ones and where to say more', () => {
    const directory = process.env['BERTHA_CLOUDS_DIR'];
    delete process.env['BERTHA_CLOUDS_DIR'];
    const known = 'AzureCloud, AzureUSGovernment, AzureChinaCloud';
    const sentence = new RegExp(
      `^azure\\.cloud "Azure" is none of ${known}, and BERTHA_CLOUDS_DIR, where cloud files lie, is not set$`,
    );
    try {
      assert.throws(() => resolveCloud('Azure'), permanent(sentence));
    } finally {
      if (directory !== undefined) process.env['BERTHA_CLOUDS_DIR'] = directory;
    }
  });

  const files: Record<string, string | null> = {
    'is not there': null,
    'is not JSON': '{"resourceManager": ',
    'lacks an endpoint': '{"resourceManager": "https://management.example.org"}',
    'has a field that nobody knows': JSON.stringify({ ...whole(), emulate: true }),
  };
  for (const [index, [what, content]] of Object.entries(files).entries()) {
    it(`whose file ${what} are refused, with the path of the file`, () => {
      const name = `private-${index}`;
      if (content !== null) writeFileSync(join(folder, `${name}.cloud.json`), content);
      assert.throws(
        () => resolveCloud(name, folder),
        permanent(
          new RegExp(
            `^the file of cloud "${name}" cannot be read \\(.*/${name}\\.cloud\\.json\\): is that stack up\\?$`,
          ),
        ),
      );
    });
  }

  it('are read anew each time, so that a run survives a cloud that moved', () => {
    const file = join(folder, 'moving.cloud.json');
    writeFileSync(file, JSON.stringify(whole()));
    assert.equal(resolveCloud('moving', folder).resourceManager, 'https://management.example.org');
    writeFileSync(file, JSON.stringify({ ...whole(), resourceManager: 'https://moved.example.org' }));
    assert.equal(resolveCloud('moving', folder).resourceManager, 'https://moved.example.org');
  });

  it('are all the code knows: in azure/ there is no switch for a local stack, no local address and no local account', () => {
    const sources = readdirSync(join(installation, 'azure'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    assert.ok(sources.length >= 10, 'the sources are there');
    const tells =
      /emulat|azurite|devstore|localhost|127\.0\.0\.1|\[?::1\]|0\.0\.0\.0|is_?local|rejectUnauthorized|NODE_ENV/i;
    for (const name of sources) {
      const lines = readFileSync(join(installation, 'azure', name), 'utf8').split('\n');
      assert.deepEqual(
        lines.filter((line) => tells.test(line)),
        [],
        name,
      );
    }
  });

  function whole() {
    const url = (name: string) => `https://${name}.example.org`;
    return {
      resourceManager: url('management'),
      audience: url('management'),
      authority: url('login'),
      storage: 'https://{account}.blob.example.org',
    };
  }
});
