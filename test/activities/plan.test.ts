import assert from 'node:assert/strict';
import { type RunForecast, runForecastSchema } from '../../domain/forecast/schema.js';
import { reportPath, runRecordPath } from '../../domain/paths.js';
import { bertha } from '../cli/support/run.js';
import { withConfig } from '../cli/support/config.js';
import { textOf } from '../recipes/places.js';
import { config, store } from './support/deps.js';
import { sharedStack } from './support/stack.js';

describe('activities: a plan against a workspace', function () {
  this.timeout(30_000);
  let env: Record<string, string>;
  before(async () => (env = { BERTHA_CLOUDS_DIR: (await sharedStack()).places.folder }));

  /** The config that comes with bertha, in the workspace of these tests. */
  const large = textOf('configs', 'bert-large-multi-node.yaml')
    .replace('cloud: AzureCloud', 'cloud: local')
    .replace(/subscriptionId: \S+/, 'subscriptionId: 00000000-0000-0000-0000-000000000001')
    .replace(/resourceGroup: \S+/, 'resourceGroup: local')
    .replace(/workspace: \S+/, 'workspace: local');

  const plan = (text: string, ...more: string[]): Promise<RunForecast> =>
    withConfig(text, async (file) => {
      const { code, out, err } = await bertha(['plan', file, '--json', ...more], env);
      assert.equal(code, 0, err);
      return runForecastSchema.parse(JSON.parse(out));
    });

  it('prices BERT-large on its nodes in both tiers by the price list, and finds quota for it', async () => {
    const { region, options, quota, missing } = await plan(large);
    assert.deepEqual([region, missing], ['eastus', []]);
    const own = options.slice(0, 2);
    assert.deepEqual(
      own.map(({ priority, pricePerNodeHour, priceFrom, problem }) => [priority, pricePerNodeHour, priceFrom, problem]),
      [
        ['low_priority', 5.44, 'retail-prices', null],
        ['dedicated', 27.2, 'retail-prices', null],
      ],
    );
    const [total = 0, dedicated = 0] = own.map((one) => one.total?.typical);
    assert.ok(total > 700 && total < 3000, `${total} USD`);
    assert.ok(total < dedicated / 3);
    assert.deepEqual(quota?.map(({ scope }) => scope).toSorted(), [
      'family-dedicated',
      'regional-dedicated',
      'regional-low-priority',
    ]);
  });

  it('offers a retired size nothing but alternatives, which the region has', async () => {
    const old = large
      .replace(/sku: \S+/, 'sku: Standard_NC24rs_v3')
      .replace('nodes: 4 #', 'nodes: 16 #')
      .replace('processesPerNode: 8\n', 'processesPerNode: 4\n');
    const { warnings, options } = await plan(old);
    assert.match(warnings[0] ?? '', /is retired/);
    assert.match(options[0]?.problem ?? '', /not offered in eastus/);
    const a100 = options.filter(({ sku, problem }) => sku === 'Standard_ND96asr_v4' && problem === null);
    assert.deepEqual([...new Set(a100.map(({ nodes }) => nodes))].toSorted(), [4, 8]);
  });

  it('lists no H100 as low priority, though the price list has a meter for it', async () => {
    const tiers = (await plan(large)).options.filter(({ gpu }) => gpu === 'H100').map(({ priority }) => priority);
    assert.deepEqual([...new Set(tiers)], ['dedicated']);
  });

  it('of a workspace that there is not has public prices alone, where a region is named', async () => {
    const elsewhere = large.replace(/workspace: \S+/, 'workspace: nowhere');
    const blind = await plan(elsewhere);
    assert.match(blind.missing[0] ?? '', /^region, quota, .*reading workspace nowhere .*--region NAME$/);
    assert.equal(blind.options[0]?.total, null);
    const named = await plan(elsewhere, '--region', 'eastus');
    assert.equal(named.options[0]?.priceFrom, 'retail-prices');
  });

  it('after an earlier run takes its speed, on CPU nodes too', async () => {
    const blobs = await store();
    const earlier = config('earlier');
    const [phase] = earlier.phases;
    assert.ok(phase !== undefined);
    const attempts = [{ keptStep: 100, resumedFromStep: 0, seconds: { useful: 50 } }];
    await blobs.write(runRecordPath('earlier'), JSON.stringify({ run: 'earlier', config: earlier }));
    const report = { run: 'earlier', phases: [{ name: phase.name, attempts }] };
    await blobs.write(reportPath('earlier', 'json'), JSON.stringify(report));
    const next = { ...config('next'), phases: [{ ...phase, steps: 7200 }] };
    const { options, assumptions } = await plan(JSON.stringify(next), '--after', 'earlier');
    assert.deepEqual(options[0]?.trainingHours, { best: 1, typical: 1, worst: 1 });
    assert.equal(assumptions[0]?.source, 'measured by run earlier, 2 processes');
  });

  it('after a run that left no report says so', async () => {
    await withConfig(JSON.stringify(config('next')), async (file) => {
      const { code, err } = await bertha(['plan', file, '--after', 'nobody'], env);
      assert.equal(code, 1);
      assert.match(err, /^bertha: --after nobody: it left no report in \S+\/\S+, so its speed is not known$/m);
    });
  });
});
