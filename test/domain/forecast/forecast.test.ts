import assert from 'node:assert/strict';
import { measuredByRun } from '../../../domain/forecast/after.js';
import { candidates } from '../../../domain/forecast/candidates.js';
import { forecastRun } from '../../../domain/forecast/forecast.js';
import { runForecastSchema } from '../../../domain/forecast/schema.js';
import type { CoreUsage } from '../../../domain/quota.js';
import type { RunReport } from '../../../domain/report.js';
import { NOTHING, reference, size } from './support.js';

const A100 = size('Standard_ND96asr_v4', 96, 8, 27.2);
const H100 = size('Standard_ND96isr_H100_v5', 96, 8, 98.32, false);
const T4 = size('Standard_NC64as_T4_v3', 64, 4, 4.352);
const CPU = size('Standard_DS2_v2', 2, 0, 0.146);

const pool = (scope: CoreUsage['scope'], limit: number, family = ''): CoreUsage => ({
  ...{ scope, family, limit, inUse: 0 },
  label: `${scope} cores`,
});

describe('domain: other nodes for a run', () => {
  it('have as many GPUs, or at least the same peak, divide the batch and are offered', () => {
    const found = candidates(reference(), [A100, H100, CPU]).map(({ sku, nodes, why }) => [sku, nodes, why]);
    assert.deepEqual(found, [
      ['Standard_NC24rs_v3', 16, 'config'],
      ['Standard_ND96asr_v4', 8, 'same GPUs'],
      ['Standard_ND96asr_v4', 4, 'same peak'],
      ['Standard_ND96isr_H100_v5', 8, 'same GPUs'],
      ['Standard_ND96isr_H100_v5', 2, 'same peak'],
    ]);
  });

  it('that do not divide the batch are left out: 31 nodes of 4 T4 for the peak of 64 V100', () => {
    assert.deepEqual(
      candidates(reference(), [T4]).map(({ nodes }) => nodes),
      [16, 16],
    );
  });

  it('are all that are known and not retired where nobody says what is offered', () => {
    const skus = candidates(reference(), null).map(({ sku }) => sku);
    assert.ok(skus.includes('Standard_ND96asr_v4') && skus.includes('Standard_ND40rs_v2'));
    assert.equal(
      skus.slice(1).some((sku) => /NC\d+r?s_v3$/.test(sku)),
      false,
    );
  });

  it('are none for a size that is not known', () => {
    const cluster = { sku: 'Standard_DS2_v2', nodes: 2, processesPerNode: 1 };
    assert.equal(candidates(reference({ cluster }), [CPU, A100]).length, 1);
  });
});

describe('domain: the forecast of a run', () => {
  const usages = [pool('regional-low-priority', 400), pool('regional-dedicated', 1000)];
  const facts = { ...NOTHING, region: 'eastus', sizes: [A100, H100], usages };
  const forecast = (changes: Parameters<typeof reference>[0] = {}, read: Partial<typeof NOTHING> = {}) => {
    const made = forecastRun(reference(changes), { ...facts, ...read });
    return runForecastSchema.parse(made);
  };

  it('puts the nodes of the config first, in its tier and in the other, then the cheapest', () => {
    const { options } = forecast();
    assert.deepEqual(
      options.slice(0, 3).map(({ sku, priority, configured }) => [sku, priority, configured]),
      [
        ['Standard_NC24rs_v3', 'low_priority', true],
        ['Standard_NC24rs_v3', 'dedicated', false],
        ['Standard_ND96asr_v4', 'low_priority', false],
      ],
    );
    const totals = options.slice(2).map(({ total }) => total?.typical ?? 0);
    assert.deepEqual(
      totals,
      totals.toSorted((a, b) => a - b),
    );
  });

  it('says of a retired size that it is gone, and what stands in the way of each other', () => {
    const { warnings, options } = forecast();
    assert.match(warnings[0] ?? '', /^cluster\.sku: Standard_NC24rs_v3 is retired/);
    assert.match(options[0]?.problem ?? '', /is not offered in eastus/);
    const eight = options.find(
      ({ sku, nodes, priority }) => /asr/.test(sku) && nodes === 8 && priority === 'low_priority',
    );
    const four = options.find(
      ({ sku, nodes, priority }) => /asr/.test(sku) && nodes === 4 && priority === 'low_priority',
    );
    assert.match(eight?.problem ?? '', /too little quota in eastus: .* needs 768 more cores/);
    assert.equal(four?.problem, null);
  });

  it('lists no low priority for a size that is refused as such', () => {
    const tiers = forecast()
      .options.filter(({ sku }) => sku === H100.name)
      .map(({ priority }) => priority);
    assert.deepEqual([...new Set(tiers)], ['dedicated']);
  });

  it('lists the alternatives of the config in their order, each once, in its tier and at the price that it says', () => {
    const alternatives = [
      { name: 'newer', sku: 'Standard_ND96asr_v4', priority: 'low_priority', nodes: 8, processesPerNode: 8 },
      { name: 'certain', sku: 'Standard_NC24rs_v3', priority: 'dedicated', pricePerNodeHour: 9 },
    ];
    const { options } = forecast({ cluster: { alternatives } });
    assert.deepEqual(
      options.slice(0, 3).map(({ cluster, sku, nodes, priority, why }) => [cluster, sku, nodes, priority, why]),
      [
        ['cluster', 'Standard_NC24rs_v3', 16, 'low_priority', 'config'],
        ['newer', 'Standard_ND96asr_v4', 8, 'low_priority', 'alternative'],
        ['certain', 'Standard_NC24rs_v3', 16, 'dedicated', 'alternative'],
      ],
    );
    const [, , certain] = options;
    assert.deepEqual([certain?.pricePerNodeHour, certain?.priceFrom], [9, 'config']);
    const ways = options.map(({ sku, nodes, priority }) => `${nodes} ${sku} ${priority}`);
    assert.equal(new Set(ways).size, ways.length);
  });

  it('takes the price of the config for its own nodes in their tier alone', () => {
    const prices = new Map([['Standard_NC24rs_v3', { currency: 'USD', dedicated: 13.46, lowPriority: 2.69 }]]);
    const { options } = forecast({ cost: { pricePerNodeHour: 2 } }, { prices });
    assert.deepEqual([options[0]?.pricePerNodeHour, options[0]?.priceFrom], [2, 'config']);
    assert.deepEqual([options[1]?.pricePerNodeHour, options[1]?.priceFrom], [13.46, 'retail-prices']);
    const [total, hours] = [options[0]?.total?.typical ?? 0, options[0]?.wallHours?.typical ?? 0];
    assert.ok(Math.abs(total - 16 * 2 * hours) < 1e-6);
  });

  it('warns of a budget by how little of the range it covers', () => {
    const warning = (budget: number) =>
      forecast({ cost: { pricePerNodeHour: 2.69, budget } }).warnings.find((one) => one.startsWith('cost.budget'));
    const total = forecast({ cost: { pricePerNodeHour: 2.69 } }).options[0]?.total;
    assert.ok(total !== undefined && total !== null);
    assert.match(warning(total.best - 1) ?? '', /even in the best case/);
    assert.match(warning(total.typical - 1) ?? '', /is less than what is expected/);
    assert.match(warning(total.worst - 1) ?? '', /may not be enough/);
    assert.equal(warning(total.worst + 1), undefined);
  });

  it('counts the work: samples, tokens and operations', () => {
    const [p1] = forecast().phases;
    assert.deepEqual([p1?.samples, p1?.tokens], [765_952_000, 392_167_424_000]);
    assert.ok(Math.abs((p1?.exaflop ?? 0) - 782) < 8, String(p1?.exaflop));
  });

  it('lists the pools of both tiers with what is left of them', () => {
    assert.deepEqual(
      forecast().quota?.map(({ scope, left }) => [scope, left]),
      [
        ['regional-low-priority', 400],
        ['regional-dedicated', 1000],
      ],
    );
    assert.equal(forecast({}, { usages: null }).quota, null);
  });

  it('rests on assumptions that each have a source', () => {
    const { assumptions } = forecast();
    assert.ok(assumptions.length >= 6);
    for (const { what, value, source } of assumptions)
      assert.ok(what !== '' && value !== '' && source.length > 10, what);
  });

  it('takes what the config measured instead of an estimate, for all three cases', () => {
    const { options, assumptions } = forecast({ forecast: { samplesPerSecond: { p1: 4096 } } });
    const hours = options[0]?.trainingHours;
    assert.deepEqual([hours?.best, hours?.typical, hours?.worst], Array(3).fill(187_000 / 3600));
    assert.equal(assumptions[0]?.source, 'forecast.samplesPerSecond of the config');
    assert.equal(
      assumptions.some(({ what }) => what.startsWith('share of the peak')),
      false,
    );
  });

  it('without a known speed has no hours and no total, and says what to do', () => {
    const cluster = { sku: 'Standard_DS2_v2', nodes: 2, processesPerNode: 1 };
    const { options, missing } = forecast({ cluster }, { sizes: [CPU] });
    assert.deepEqual([options[0]?.wallHours, options[0]?.total, options[0]?.pricePerNodeHour], [null, null, 0.146 / 5]);
    assert.match(
      missing.at(-1) ?? '',
      /Standard_DS2_v2 is no GPU size .* say forecast\.samplesPerSecond .* or --after RUN/,
    );
  });

  it('with nothing read still tells hours, goodput and preemptions', () => {
    const [own] = forecastRun(reference(), NOTHING).options;
    assert.ok((own?.wallHours?.typical ?? 0) > 50 && own?.total === null);
  });
});

describe('domain: the speed of an earlier run', () => {
  const attempt = (keptStep: number | null, resumedFromStep: number, useful: number) =>
    ({ keptStep, resumedFromStep, seconds: { useful } }) as RunReport['phases'][number]['attempts'][number];
  const report = (...attempts: ReturnType<typeof attempt>[]) =>
    ({ run: 'earlier', phases: [{ name: 'p1', attempts }] }) as unknown as RunReport;

  it('is the samples of the steps that were kept by the seconds they took', () => {
    const measured = measuredByRun(
      reference(),
      reference(),
      report(attempt(300, 0, 100), attempt(null, 300, 0), attempt(500, 300, 100)),
    );
    assert.deepEqual(measured?.samplesPerSecond, { p1: (500 * 4096) / 200 });
    assert.deepEqual([measured?.sku, measured?.nodes], ['Standard_NC24rs_v3', 16]);
  });

  it('is not known where nothing was kept, or the sequences had another length', () => {
    assert.equal(measuredByRun(reference(), reference(), report(attempt(null, 0, 0))), null);
    const shorter = reference();
    const [phase] = shorter.phases;
    const other = {
      ...shorter,
      phases: phase === undefined ? [] : [{ ...phase, parameters: { sequenceLength: 128 } }],
    };
    assert.equal(measuredByRun(reference(), other, report(attempt(300, 0, 100))), null);
  });
});
