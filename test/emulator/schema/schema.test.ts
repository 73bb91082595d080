import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { refusalRoutes } from '../../../emulator/assets/refusals.js';
import type { Route } from '../../../emulator/http/route.js';
import { ROUTES } from '../../../emulator/routes.js';
import { root } from '../../house/root.js';
import { skipUnless } from '../../house/skip.js';
import { blobContainer, startService, type Service } from '../support/service.js';
import { DECLARED } from './declared.js';
import { judge } from './judge.js';
import type { Problem } from './problems.js';
import { record, type Recorded } from './recorder.js';
import { recordedProblems, type Witness } from './recordings.js';
import { COMMAND, differencesText, unexcused } from './report.js';
import { SWAGGER } from './swagger/documents.js';
import { tourAssets } from './tour/assets.js';
import { tourComputes } from './tour/computes.js';
import { tourInstances } from './tour/instances.js';
import { tourJobs } from './tour/jobs.js';
import { tourist } from './tour/tourist.js';
import { tourVersions } from './tour/versions.js';
import { endWorkspace, tourWorkspace } from './tour/workspace.js';

/** What only ever refuses cannot succeed. */
const isOfAzure = (route: Route): boolean => route.guard !== 'open' && !refusalRoutes.includes(route);

const FILE = join(root, 'emulator', 'differences', 'schema.md');

describe('A tour through all that is served, at the api-version of the schema, and with a look at every other', function () {
  this.timeout(200_000);
  skipUnless(existsSync(SWAGGER), `needs ${SWAGGER}: put the shared data beside the clone, or set BERTHA_SHARED`);

  let service: Service;
  let seen: Recorded[];
  let problems: Problem[];
  let recorded: Map<string, Witness[]>;
  before(async () => {
    service = await startService({ storage: true, speed: 20, rateLimits: false });
    seen = record(service.emulator);
    const ask = await tourist(service);
    await (await blobContainer(service)).getBlockBlobClient('tour/in/data.txt').upload('data', 4);
    await tourAssets(ask);
    await tourWorkspace(ask);
    await tourComputes(ask);
    await tourInstances(ask);
    await tourJobs(ask);
    await tourVersions(ask);
    await endWorkspace(ask);
    problems = seen.flatMap((each) => judge(each, each.version));
    recorded = recordedProblems();
  });
  after(() => service.stop());

  it('comes by every route of the management and data planes, and each succeeds', () => {
    const succeeded = new Set(seen.filter(({ status }) => status < 400).map(({ route }) => route));
    const missed = ROUTES.filter((route) => isOfAzure(route) && !succeeded.has(route));
    assert.deepEqual(
      missed.map(({ method, path }) => `${method} ${path}`),
      [],
    );
  });

  it('takes and answers what the schema declares, or what the real service was recorded to', () => {
    assert.deepEqual(unexcused(problems, recorded), []);
  });

  it('has no declared difference that does not show', () => {
    const shown = new Set(problems.map(({ sentence }) => sentence));
    assert.deepEqual(
      DECLARED.filter(({ sentence }) => !shown.has(sentence)),
      [],
    );
  });

  it('leaves the differences that are listed in differences/schema.md, and no others', () => {
    const text = differencesText(problems, recorded);
    if (process.env['BERTHA_WRITE_DIFFERENCES'] !== undefined) {
      mkdirSync(join(FILE, '..'), { recursive: true });
      writeFileSync(FILE, text);
    }
    assert.equal(readFileSync(FILE, 'utf8'), text, `emulator/differences/schema.md is out of date: ${COMMAND}`);
  });
});
