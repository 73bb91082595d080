import assert from 'node:assert/strict';
import { configText, withConfig } from './support/config.js';
import { bertha, linesOf } from './support/run.js';

describe('cli: validate', () => {
  it('prints processes, batch, accumulation, steps and samples as an aligned table', async () => {
    await withConfig(configText, async (file) => {
      const { code, out } = await bertha(['validate', file]);
      assert.equal(code, 0);
      const lines = linesOf(out);
      assert.ok(lines.includes('processes    16 = 2 nodes x 8 (one per GPU)'), out);
      assert.deepEqual(lines.slice(-4), [
        'phase  sequence  steps  global batch  = micro batch  x processes  x accumulation    samples',
        'p1          128  1,000         4,096             64           16               4  4,096,000',
        'p2          512    100         2,048             32           16               4    204,800',
        'total            1,100                                                            4,300,800',
      ]);
    });
  });

  it('prints one object with --json that holds the workflow input and the numbers', async () => {
    await withConfig(configText, async (file) => {
      const { code, out } = await bertha(['validate', file, '--json']);
      assert.equal(code, 0);
      const { config, summary } = JSON.parse(out) as {
        config: { name: string; watch: object };
        summary: { processes: number; phases: { accumulation: number }[] };
      };
      assert.equal(config.name, 'small');
      assert.ok('pollSeconds' in config.watch, 'defaults are filled in');
      assert.equal(summary.processes, 16);
      assert.equal(summary.phases[0]?.accumulation, 4);
      assert.equal(linesOf(out).length, 1);
    });
  });

  it('warns of a size that Azure has retired, and of no other', async () => {
    const err = async (sku: string) =>
      withConfig(
        configText.replace('Standard_ND96asr_v4', sku),
        async (file) => (await bertha(['validate', file])).err,
      );
    assert.match(await err('Standard_NC24s_v3'), /^warning: cluster\.sku: .*Standard_NC24s_v3/);
    assert.equal(await err('Standard_ND96asr_v4'), '');
  });
});
