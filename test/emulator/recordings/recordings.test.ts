import assert from 'node:assert/strict';

import { skipUnless } from '../../house/skip.js';
import { declaredDifferences, keyOf } from './declared.js';
import { recordingNames, RECORDINGS } from './files.js';
import { replay, type Outcome } from './replay.js';
import { report, scoreOf } from './report.js';

const MATCHED_SHARE = 0.9;
const COUNT = 78;

describe('emulator: recordings of the real service, replayed', function () {
  this.timeout(60_000);
  const names = recordingNames();
  const outcomes: Outcome[] = [];
  skipUnless(names.length > 0, `needs ${RECORDINGS}: put shared beside the clone, or set BERTHA_SHARED`);

  it(`finds all ${COUNT} recordings`, () => assert.equal(names.length, COUNT));

  it('answers every recording as declared: like the service, or otherwise as DIFFERENCES.md says', async () => {
    const only = process.env['BERTHA_RECORDING'] || undefined;
    for (const name of names.filter((each) => only === undefined || each.includes(only)))
      outcomes.push(...(await replay(name)));
    if (only !== undefined) console.log(report(outcomes));
    const missed = outcomes.filter(({ reasons }) => reasons.length > 0).map(({ exchange }) => keyOf(exchange));
    const declared = [...declaredDifferences().keys()];
    const replayed = new Set(outcomes.map(({ exchange }) => keyOf(exchange)));
    const undeclared = missed.filter((key) => !declared.includes(key));
    const overdue = declared.filter((key) => !missed.includes(key) && replayed.has(key));
    const unknown = only === undefined ? declared.filter((key) => !replayed.has(key)) : [];
    assert.deepEqual({ undeclared, overdue, unknown }, { undeclared: [], overdue: [], unknown: [] }, report(outcomes));
  });

  it(`matches at least ${MATCHED_SHARE * 100} % of all exchanges that count`, () => {
    console.log(report(outcomes));
    const { matched, all } = scoreOf(outcomes);
    assert.ok(matched >= MATCHED_SHARE * all, `${matched} of ${all}`);
  });
});
