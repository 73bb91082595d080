import assert from 'node:assert/strict';
import { clustersOf } from '../../domain/clusters.js';
import { type RunConfig, accumulation, runConfigSchema, worldSize } from '../../domain/config.js';
import { withDefaults } from '../../domain/config-defaults.js';
import { config, written } from './samples.js';

type Written = ReturnType<typeof written>;

/** What is said of a config after a change: `path: message` of each problem. */
function problemsAfter(change: (config: Written & Record<string, unknown>) => void): string[] {
  const changed = written();
  change(changed);
  const parsed = runConfigSchema.safeParse(changed);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('domain: config', () => {
  it('takes a small config and fills in what is left out', () => {
    const { watch, recovery, stopping, checkpoints, cluster, azure, trainer } = config();
    const { limits, ...pace } = watch;
    assert.deepEqual(pace, { pollSeconds: 30, segmentHours: 12, heartbeatSeconds: 10, metricsSeconds: 60 });
    assert.deepEqual([limits.silentSeconds, limits.checkpointIntervals], [300, 6]);
    assert.deepEqual([recovery.userErrors, recovery.attemptsWithoutProgress], [2, 5]);
    assert.deepEqual([stopping.graceSeconds, stopping.apartSeconds], [900, 60]);
    assert.deepEqual(checkpoints.keep, { last: 3, best: 1, olderThanSteps: 1000 });
    assert.deepEqual(
      [cluster.priority, cluster.idleSecondsBeforeScaleDown, azure.cloud],
      ['low_priority', 120, 'AzureCloud'],
    );
    assert.equal(trainer.resumeArgument, '--resume ${{inputs.resume}}');
  });

  const refusals: [string, RegExp, (config: Written & Record<string, unknown>) => void][] = [
    ['an unknown field at the top', /Unrecognized key: "colour"/, (c) => void (c['colour'] = 1)],
    ['an unknown field deep inside', /^cluster: .*"gpus"/, (c) => Object.assign(c.cluster, { gpus: 8 })],
    [
      'a source and a preparation',
      /^data: say either data\.prepare/,
      (c) => Object.assign(c.data, { prepare: { dump: 'a.bz2', options: {} } }),
    ],
    [
      'a source and a conversion',
      /^data: say either data\.prepare .*, data\.convert .* or data\.source\.prefix .*, one of them alone/,
      (c) =>
        Object.assign(c.data, { convert: { source: { account: 'old', container: 'bert' }, vocabulary: 'vocab.txt' } }),
    ],
    [
      'a folder of the old recipe with a slash behind it',
      /^data\.convert\.train: a folder is named without a "\/" before or behind it/,
      (c) => {
        Reflect.deleteProperty(c.data.source, 'prefix');
        const convert = { source: { account: 'old', container: 'bert' }, vocabulary: 'vocab.txt', train: '512/' };
        Object.assign(c.data, { convert });
      },
    ],
    [
      'neither source nor preparation',
      /^data: say either data\.prepare/,
      (c) => Reflect.deleteProperty(c.data.source, 'prefix'),
    ],
    [
      'a container and a folder to copy from',
      /^data\.source: say one of: account and container, folder, url/,
      (c) => Object.assign(c.data.source, { folder: 'shards' }),
    ],
    [
      'an account without its container',
      /^data\.source: say both account and container/,
      (c) => Reflect.deleteProperty(c.data.source, 'container'),
    ],
    [
      'two ways to be let in at the source',
      /^data\.source: say either access or sasEnv/,
      (c) => Object.assign(c.data.source, { access: 'public', sasEnv: 'SAS' }),
    ],
    [
      'a SAS where its name belongs',
      /^data\.source\.sasEnv: this is the name of an environment variable, never the SAS/,
      (c) => Object.assign(c.data.source, { sasEnv: 'sv=2024&sig=x' }),
    ],
    [
      'an address without HTTPS',
      /^data\.source\.url/,
      (c) => Object.assign(c.data, { source: { url: 'http://shards.example/wiki' } }),
    ],
    ['two checkpoint intervals', /^checkpoints: say either/, (c) => Object.assign(c.checkpoints, { everySeconds: 60 })],
    ['no checkpoint interval', /^checkpoints: say either/, (c) => Reflect.deleteProperty(c.checkpoints, 'everySteps')],
    [
      'a phase name that stands twice',
      /^phases\.1\.name: phase "p1" stands twice/,
      (c) => c.phases.splice(1, 1, { ...c.phases[1]!, name: 'p1', initFrom: 'p1' }),
    ],
    [
      'a start from a phase that is not there',
      /^phases\.1\.initFrom: "p7" is not an earlier phase/,
      (c) => Object.assign(c.phases[1]!, { initFrom: 'p7' }),
    ],
    [
      'a start from the phase itself',
      /"p2" is not an earlier phase/,
      (c) => Object.assign(c.phases[1]!, { initFrom: 'p2' }),
    ],
    [
      'a phase name that would blur job names',
      /^phases\.1\.name: .*separates/,
      (c) => Object.assign(c.phases[1]!, { name: 'seq-128' }),
    ],
    [
      'a batch that cannot be split',
      /^phases\.0\.globalBatch: 100 is not a multiple of microBatch 64 x 2 nodes x 1 processes = 128/,
      (c) => Object.assign(c.phases[0]!, { globalBatch: 100 }),
    ],
    ['no phase', /^phases: /, (c) => c.phases.splice(0)],
    ['half a step', /^phases\.0\.steps: /, (c) => Object.assign(c.phases[0]!, { steps: 0.5 })],
    [
      'a cluster name that Azure refuses',
      /^cluster\.name: a cluster name has/,
      (c) => Object.assign(c.cluster, { name: '7up' }),
    ],
    [
      'a datastore name that Azure refuses',
      /^storage\.datastore: a datastore name/,
      (c) => Object.assign(c.storage, { datastore: 'my-store' }),
    ],
    [
      'a deadline without a zone',
      /^deadline: say a time with its zone/,
      (c) => Object.assign(c, { deadline: '2026-12-24T18:00:00' }),
    ],
    ['a deadline of no hours', /^deadline/, (c) => Object.assign(c, { deadline: { hours: 0 } })],
    [
      'an alternative by the name of the cluster itself',
      /^cluster\.alternatives\.0\.name: cluster "spot" stands twice/,
      (c) => Object.assign(c.cluster, { alternatives: [{ name: 'spot', sku: 'Standard_NC4as_T4_v3' }] }),
    ],
    [
      'an alternative with another number of processes',
      /^cluster\.alternatives\.0: big would run 4 processes, spot runs 2; make them equal, or say trainer\.worldSizeMayChange/,
      (c) => Object.assign(c.cluster, { alternatives: [{ name: 'big', sku: 'x', nodes: 1, processesPerNode: 4 }] }),
    ],
    [
      'an alternative that cannot split a batch',
      /^cluster\.alternatives\.0: on odd phase p1 cannot run: 128 is not a multiple of microBatch 64 x 3 nodes x 1 processes = 192/,
      (c) => {
        Object.assign(c.trainer, { worldSizeMayChange: true });
        Object.assign(c.cluster, { alternatives: [{ name: 'odd', sku: 'x', nodes: 3 }] });
        c.phases.splice(1);
      },
    ],
    ['an unknown priority', /^cluster\.priority: /, (c) => Object.assign(c.cluster, { priority: 'spot' })],
  ];
  for (const [what, expected, change] of refusals) {
    it(`refuses ${what}`, () => {
      const problems = problemsAfter(change);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', expected);
    });
  }

  it('names every phase whose batch does not fit, not the first alone', () => {
    const problems = problemsAfter((c) => void (c.cluster.nodes = 3));
    assert.deepEqual(
      problems.map((problem) => problem.split(':')[0]),
      ['phases.0.globalBatch', 'phases.1.globalBatch'],
    );
  });

  it('takes a deadline as a time or as hours, and fills in what alternatives leave to the cluster', () => {
    const parse = (over: object) => runConfigSchema.parse({ ...written(), ...over });
    assert.deepEqual(parse({ deadline: '2026-12-24T18:00:00+01:00' }).deadline, '2026-12-24T18:00:00+01:00');
    assert.deepEqual(parse({ deadline: { hours: 36 } }).deadline, { hours: 36 });
    const alternatives = [{ name: 'safe', sku: 'Standard_NC8', priority: 'dedicated', pricePerNodeHour: 3 }];
    const [own, safe] = clustersOf(parse({ cluster: { ...written().cluster, alternatives } }));
    assert.deepEqual(own, { ...written().cluster, priority: 'low_priority', idleSecondsBeforeScaleDown: 120 });
    assert.deepEqual(safe, { ...own, ...alternatives[0] });
  });

  it('splits the batch over processes and passes', () => {
    const parsed = config();
    const [first, second] = parsed.phases;
    assert.ok(first !== undefined && second !== undefined);
    assert.equal(worldSize(parsed), 2);
    assert.equal(accumulation(parsed, first), 1);
    assert.equal(accumulation(parsed, second), 4);
  });

  it('fills in what a config of an older release lacks, and changes nothing that it says', () => {
    const { stopping, ...rest } = config();
    assert.ok(stopping.graceSeconds > 0);
    const old = {
      ...rest,
      watch: { pollSeconds: 5, segmentHours: 0.00001, heartbeatSeconds: 1, metricsSeconds: 1 },
      recovery: { userErrors: 7, attemptsWithoutProgress: 1 },
      checkpoints: { everySeconds: 60 },
    } as unknown as RunConfig;
    const whole = withDefaults(old);
    assert.deepEqual([whole.watch.pollSeconds, whole.watch.segmentHours], [5, 0.00001]);
    assert.deepEqual(whole.watch.limits, config().watch.limits);
    assert.deepEqual(whole.stopping, stopping);
    assert.deepEqual(whole.recovery, { ...config().recovery, userErrors: 7, attemptsWithoutProgress: 1 });
    assert.deepEqual(whole.checkpoints, { everySeconds: 60, keep: config().checkpoints.keep });
    assert.deepEqual(withDefaults(config()), config());
  });
});
