import assert from 'node:assert/strict';
import { makeCall } from '../../cli/call.js';
import { requireFit } from '../../cli/data/fit.js';
import { Failure } from '../../cli/failure.js';
import { dataConfigText, parseDataConfig, withConfig } from './support/data-config.js';
import { bertha, capturingIo, linesOf } from './support/run.js';

const prepares = 'prepare: { dump: dump.xml, options: {} }';
const converts = 'convert: { source: { account: theirs, container: bert }, vocabulary: vocab.txt }';
const container = 'source: { account: account, container: prepared }';
const exists = 'source: { account: account, container: prepared, prefix: data/wiki/0123 }';
const local = 'source: { folder: shards }';

describe('cli: what a config of data can be asked for', () => {
  const refusal = (action: Parameters<typeof requireFit>[1], ...data: string[]): string => {
    const call = makeCall(capturingIo().io, { json: false, stack: 'none' });
    try {
      requireFit(call, action, parseDataConfig(dataConfigText(...data)), 'c.yaml');
      return '';
    } catch (error) {
      assert.ok(error instanceof Failure && error.exit === 'usage', String(error));
      return error.message;
    }
  };

  it('is said, with what to type instead, where it names nothing of the kind', () => {
    assert.match(
      refusal('convert', container, prepares),
      /^c\.yaml has no data\.convert, .*: prepare that with: npx bertha .*data prepare c\.yaml$/,
    );
    assert.match(
      refusal('prepare', container, converts),
      /^c\.yaml has no data\.prepare, .*: convert those with: npx bertha .*data convert c\.yaml$/,
    );
    assert.match(
      refusal('prepare', exists),
      /^c\.yaml has no data\.prepare, .* need no making: copy them with: npx bertha .*data copy c\.yaml$/,
    );
    assert.match(refusal('show', local), /^the data of c\.yaml lies in no container, .* in shards$/);
  });

  it('is everything else', () => {
    for (const action of ['plan', 'copy', 'verify'] as const)
      for (const data of [[container, prepares], [container, converts], [exists], [local]])
        assert.equal(refusal(action, ...data), '');
    assert.equal(refusal('prepare', container, prepares), '');
    assert.equal(refusal('convert', container, converts), '');
    for (const data of [[container, prepares], [container, converts], [exists]])
      assert.equal(refusal('show', ...data), '');
  });

  it('is told before a server is looked for or started', () =>
    withConfig(dataConfigText(exists), async (file) => {
      const { code, out, err } = await bertha(['data', 'prepare', file]);
      assert.deepEqual([code, out, linesOf(err).length], [2, '', 1]);
      assert.match(err, /has no data\.prepare/);
    }));
});
