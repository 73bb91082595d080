import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createRouter } from '../../../../emulator/http/router.js';
import { UNSERVED } from '../../../../emulator/http/unserved.js';
import { ROUTES } from '../../../../emulator/routes.js';
import { root } from '../../../house/root.js';
import { startService, type Service } from '../../support/service.js';
import { COMMAND, supportMatrix } from './matrix.js';
import { REFUSED } from './refused.js';

const BASES: Record<string, string> = {
  'Below a workspace': '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/',
  'Elsewhere in Microsoft.MachineLearningServices': '/subscriptions/s/providers/Microsoft.MachineLearningServices/',
  'Elsewhere in Azure': '/',
};

describe('What the emulator says that it serves', () => {
  it('stands in SUPPORT.md as the tables of routes have it', () => {
    const written = readFileSync(join(root, 'emulator', 'SUPPORT.md'), 'utf8');
    assert.ok(written === supportMatrix(), `emulator/SUPPORT.md is out of date: ${COMMAND}`);
  });

  it('says of every route in a line what it is', () => {
    assert.deepEqual(
      ROUTES.filter(({ title }) => title === undefined).map(({ method, path }) => `${method} ${path}`),
      [],
    );
  });

  it('serves none of the paths that it says are not served, and names what they would have led to', () => {
    const router = createRouter(ROUTES);
    for (const { title, unserved } of UNSERVED) {
      const base = BASES[title];
      assert.ok(base !== undefined, `an example of a path "${title}" is missing here`);
      for (const { path, name } of unserved) {
        const asked = `${base}${path.replaceAll('*', 'any')}`;
        for (const method of ['POST', 'DELETE', 'PATCH']) {
          assert.throws(() => router(method, asked), {
            message: `azureml-emulator does not emulate ${name}: ${method} ${asked}. See emulator/SUPPORT.md.`,
          });
        }
      }
    }
  });

  it('names a path that nobody thought of', () => {
    assert.throws(() => createRouter(ROUTES)('GET', '/of/its/own'), /does not emulate GET \/of\/its\/own\./);
  });
});

describe('Requests that want what is not emulated within what is', () => {
  let service: Service;
  before(async () => void (service = await startService()));
  after(() => service.stop());

  for (const { name, method, path, body } of REFUSED) {
    it(`answers 501 to ${name}`, async () => {
      const { status, json } = await service.call(method, path, body);
      assert.equal(status, 501);
      assert.equal(json.error.code, 'NotEmulated');
    });
  }
});
