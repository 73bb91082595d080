import assert from 'node:assert/strict';
import { runForecastSchema } from '../../domain/forecast/schema.js';
import { fieldsOf } from '../../cli/report-fields.js';
import { configText, withConfig } from './support/config.js';
import { bertha, linesOf } from './support/run.js';

const bert = configText.replace('recipe: none', 'recipe: bert').replace(
  '    sequenceLength: 128\n',
  `    sequenceLength: 128
    seed: 1
    model: { hiddenSize: 1024, layers: 24, attentionHeads: 16, intermediateSize: 4096, maxPositions: 512, typeVocabulary: 2, dropout: 0.1, attentionDropout: 0.1, initializerRange: 0.02 }
    optimizer: { name: adamw, learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1.0e-8, weightDecay: 0.01, clipNorm: 1.0 }
    schedule: { name: linear, warmupRatio: 0.1 }
    masking: { probability: 0.15, maxPredictions: 20 }
    precision: bfloat16
    threads: 1
`,
);

/** Nothing can be reached from this config: its cloud is none. */
describe('cli: plan', () => {
  it('prints work, hours, goodput and assumptions where no Azure can be reached, and says what is missing', async () => {
    await withConfig(bert, async (file) => {
      const { code, out } = await bertha(['plan', file]);
      assert.equal(code, 0);
      const lines = linesOf(out);
      assert.equal(lines[0], 'plan of small: 2 x Standard_ND96asr_v4, low priority');
      assert.match(lines[1] ?? '', /^expected: [\d.]+ h \([\d.]+ to [\d.]+\), no price known, .* preemptions$/);
      assert.ok(
        lines.some((line) => /^ {2}p1 +128 +1,000 +4,096 +4,096,000 +524,288,000 +0\.98$/.test(line)),
        out,
      );
      assert.ok(
        lines.some((line) => /^> 2 x Standard_ND96asr_v4 +16 A100 +low priority +- /.test(line)),
        out,
      );
      assert.match(out, /Missing\n {2}- +nothing of Azure: the file of cloud "nowhere" cannot be read/);
      for (const title of ['Work', 'Ways to run it', 'Checkpoints', 'Assumed']) assert.ok(out.includes(`\n${title}`));
    });
  });

  it('prints one object of the documented form with --json', async () => {
    await withConfig(bert, async (file) => {
      const { code, out } = await bertha(['plan', file, '--json', '--region', 'eastus']);
      assert.equal(code, 0);
      assert.equal(linesOf(out).length, 1);
      const forecast = runForecastSchema.parse(JSON.parse(out));
      assert.deepEqual([forecast.run, forecast.region, forecast.quota], ['small', 'eastus', null]);
      assert.ok(forecast.options.length > 8);
    });
  });

  it('prices the nodes of the config by the config alone', async () => {
    await withConfig(`${bert}cost: { pricePerNodeHour: 4, currency: EUR }\n`, async (file) => {
      const { out } = await bertha(['plan', file]);
      assert.match(out, /^expected: .* EUR, /m);
      assert.match(out, /^> 2 x Standard_ND96asr_v4 +16 A100 +low priority +4\.00 .* EUR$/m);
    });
  });

  it('of a trainer that it does not know tells the work and asks for a measured speed', async () => {
    await withConfig(configText, async (file) => {
      const { code, out } = await bertha(['plan', file]);
      assert.equal(code, 0);
      assert.match(out, /the speed of p1, p2\s+cannot be estimated; say forecast\.samplesPerSecond/);
      const told = `${configText}forecast: { samplesPerSecond: { p1: 1000, p2: 200 } }\n`;
      await withConfig(told, async (other) =>
        assert.match((await bertha(['plan', other])).out, /^expected: 1\.8 h \(/m),
      );
    });
  });

  it('refuses a measured speed of a phase that there is not', async () => {
    await withConfig(`${configText}forecast: { samplesPerSecond: { p9: 1000 } }\n`, async (file) => {
      const { code, err } = await bertha(['plan', file]);
      assert.equal(code, 2);
      assert.match(err, /forecast\.samplesPerSecond\.p9: "p9" is no phase; the phases are p1, p2/);
    });
  });

  it('warns of a size that Azure has retired', async () => {
    await withConfig(bert.replace('Standard_ND96asr_v4', 'Standard_NC24rs_v3'), async (file) => {
      assert.match((await bertha(['plan', file])).err, /^warning: cluster\.sku: Standard_NC24rs_v3 is retired/);
    });
  });

  it('documents every field of its object in its help', async () => {
    const { out } = await bertha(['plan', '--help']);
    for (const { path, sentence } of fieldsOf(runForecastSchema)) {
      assert.notEqual(sentence, '', `${path} has no sentence`);
      assert.ok(out.includes(`\n  ${path} `), `${path} is not in the help`);
    }
  });
});
