import assert from 'node:assert/strict';
import type { AttemptRecord } from '../../domain/attempts.js';
import type { Job } from '../../emulator/entities/job.js';
import type { JournalEntry } from '../../domain/journal.js';
import type { BlobContainer } from '../../azure/blob.js';
import { attempt, checkpoint } from '../domain/samples.js';
import { configOf } from './emulated/config.js';
import type { Happened } from './emulated/drive.js';
import { fit } from './emulated/fit.js';
import { Inventory, type Seen } from './emulated/inventory.js';
import { judge } from './emulated/judge/judge.js';
import { generate } from './generate.js';

describe('simulation: what is held against a run on the emulator', () => {
  it('finds nothing in a run that lost a node, went on from its newest checkpoint and completed', () => {
    assert.deepEqual(broken(happened()), []);
  });

  it('two jobs that held nodes at the same time', () => {
    const [first, second] = jobs();
    const overlapping = [{ ...first, history: ran('00:01:00', '00:12:00') }, second] as Job[];
    assert.deepEqual(broken(happened({ jobs: overlapping })), ['at most one job that holds nodes']);
  });

  it('a job or a node that is left behind', () => {
    const [first, second] = jobs();
    const alive = { ...second, status: 'Running', history: ran('00:11:00') } as Job;
    assert.deepEqual(broken(happened({ jobs: [first!, alive] })), ['nothing is left behind']);
    const idle = { name: 'own-s1', nodes: [{ nodeId: 'n1', state: 'idle', runId: null }] };
    assert.deepEqual(broken(happened({ clusters: [idle] })), ['nothing is left behind']);
  });

  it('a step that is lost though its checkpoint was sound, but not one that was damaged before', () => {
    const newer = seen(200);
    assert.deepEqual(broken(happened({ seen: [seen(120), newer] })), ['no step lost past the last valid checkpoint']);
    assert.deepEqual(broken(happened({ seen: [seen(120), { ...newer, damagedAt: at('00:05:00') }] })), []);
    assert.deepEqual(broken(happened({ seen: [seen(120), { ...newer, damagedAt: at('00:20:00') }] })).length, 1);
  });

  it('a checkpoint that a ghost wrote after its attempt was settled', () => {
    const late = { ...seen(120), ghostAt: at('00:10:02') };
    assert.deepEqual(broken(happened({ seen: [late] })), []);
    const later = { ...late, ghostAt: at('00:30:00') };
    assert.deepEqual(broken(happened({ seen: [later] })), ['nothing damaged, undone or written late is continued']);
  });

  it('a checkpoint that was damaged before the job ended', () => {
    const damaged = { ...seen(120), damagedAt: at('00:05:00') };
    assert.deepEqual(broken(happened({ seen: [damaged] })), ['nothing damaged, undone or written late is continued']);
  });

  it('an ending by a name that nothing which struck the job allows, or without evidence', () => {
    const [first, second] = records();
    const wrong = { ...first!, ending: 'user-error' as const };
    assert.deepEqual(broken(happened({ records: [wrong, second!] })), ['every ending is explained']);
    assert.deepEqual(broken(happened({ records: [{ ...first!, evidence: [] }, second!] })), [
      'every ending is explained',
    ]);
  });

  it('a healthy job that is ended for a limit', () => {
    const passed = {
      kind: 'limit-passed',
      jobName: 's1-p1-a002',
      limit: 'silent',
      seconds: 11,
      limitSeconds: 10,
    } as const;
    const entry: JournalEntry = { type: 'event', chain: 'c', event: { ...passed, sequence: 9, at: at('00:12:00') } };
    assert.deepEqual(broken(happened({ events: [entry] })), ['no healthy job is ended']);
  });

  it('a run that fails with budgets left, or is never over', () => {
    assert.deepEqual(broken(happened({ ended: 'failed' })), ['a phase fails only by a budget that is spent']);
    assert.deepEqual(broken(happened({ ended: null })), ['progress whenever capacity allows']);
  });

  it('a folder with two writers, a checkpoint that is written twice, and good ones that are not kept', async () => {
    const store = new Shelf();
    const inventory = new Inventory(store as unknown as BlobContainer, 's1');
    store.put(40, 'node-1 17', 'e1');
    store.put(80, 'node-2 18', 'e2');
    await inventory.look();
    assert.match(inventory.broken.map(({ what }) => what).join(), /was written by node-1 17 and by node-2 18/);
    store.put(40, 'node-1 17', 'e3');
    await inventory.look();
    assert.match(inventory.broken.at(-1)?.what ?? '', /step-000000040 was written a second time/);
    store.files.delete(pathOf(80));
    await inventory.look();
    assert.match(inventory.broken.at(-1)?.what ?? '', /2 good ones, 1 after/);
  });
});

const broken = (one: Happened) => [...new Set(judge(one).breaches.map(({ invariant }) => invariant))];
const at = (time: string) => Date.parse(`2026-11-23T${time}.000Z`);
const iso = (time: string) => new Date(at(time)).toISOString();
const pathOf = (step: number) => checkpoint(step).path.replace('runs/demo', 'runs/s1');

function ran(from: string, until?: string): Job['history'] {
  const end = until === undefined ? [] : [{ status: 'Completed' as const, at: iso(until) }];
  return [{ status: 'Queued', at: iso('00:00:01') }, { status: 'Preparing', at: iso(from) }, ...end];
}

function jobs(): Job[] {
  const common = { error: null, warnings: [], createdAt: iso('00:00:01') };
  const input = (path: string) => ({ inputs: path === '' ? {} : { resume: { uri: `azureml://x/${path}` } } });
  return [
    { ...common, name: 's1-p1-a001', status: 'Failed', request: input(''), history: ran('00:01:00', '00:10:00') },
    {
      ...common,
      name: 's1-p1-a002',
      status: 'Completed',
      request: input(pathOf(120)),
      history: ran('00:11:00', '00:20:00'),
    },
  ] as unknown as Job[];
}

function seen(step: number): Seen {
  const { attempt: name, incarnation } = checkpoint(step);
  const when = { seenAt: at('00:04:00'), goneAt: null, damagedAt: null, ghostAt: null };
  return {
    ...{ path: pathOf(step), attempt: name, incarnation, step, etag: 'e', writer: 'w', rotten: false },
    ...when,
  };
}

function records(): AttemptRecord[] {
  const head = { ...checkpoint(120), path: pathOf(120) };
  const evidence = [{ source: 'azure', says: 'a node was preempted' }] as unknown as NonNullable<
    AttemptRecord['evidence']
  >;
  const first = { jobName: 's1-p1-a001', head, evidence, endedAt: at('00:10:00') };
  const second = { jobName: 's1-p1-a002', attempt: 2, ending: 'completed' as const, endedAt: at('00:20:00') };
  return [attempt(first), attempt({ ...first, ...second })];
}

interface Changes {
  readonly jobs?: readonly Job[];
  readonly clusters?: readonly unknown[];
  readonly seen?: readonly Seen[];
  readonly records?: readonly AttemptRecord[];
  readonly events?: readonly JournalEntry[];
  readonly ended?: string | null;
}

/** The first attempt lost a node at step 143, the second one went on from step 120. */
function happened(changes: Changes = {}): Happened {
  const { schedule } = fit({ ...generate(1), poison: [], ownsCluster: true });
  const inventory = new Inventory(new Shelf() as unknown as BlobContainer, 's1');
  for (const one of changes.seen ?? [seen(120)]) inventory.seen.set(one.path, one);
  const attempts = (changes.records ?? records()).flatMap((record, index): JournalEntry[] => {
    const { jobName, ending, because, phase, lastStep, endedAt } = record;
    const event = { kind: 'attempt-ended' as const, phase, jobName, ending, lastStep, because, preemptedNodes: [] };
    return [
      { type: 'attempt', chain: 'c', record },
      { type: 'event', chain: 'c', event: { ...event, sequence: index, at: endedAt + 5_000 } },
    ];
  });
  const options = { cloud: 'c', cluster: 'own-s1', orders: 'o', code: 'c', dataset: 'd' };
  return {
    ...{ schedule, inventory, troubles: [], struck: new Map(), folder: '' },
    config: configOf('s1', schedule, options),
    causes: new Map([['s1-p1-a001', ['failed']]]),
    journal: [...attempts, ...(changes.events ?? [])],
    state: { jobs: changes.jobs ?? jobs(), clusters: changes.clusters ?? [] } as unknown as Happened['state'],
    ended: changes.ended === undefined ? 'completed' : changes.ended,
    report: { because: 'it did', whereToLook: ['bertha show s1'] } as unknown as Happened['report'],
    from: at('00:00:01'),
    until: at('00:20:30'),
  };
}

/** Checkpoints by their manifests. */
class Shelf {
  readonly files = new Map<string, { etag: string; writer: string }>();

  put(step: number, writer: string, etag: string): void {
    this.files.set(pathOf(step), { writer, etag });
  }

  list() {
    return Promise.resolve([...this.files].map(([path, { etag }]) => ({ path: `${path}/manifest.json`, etag })));
  }

  text(path: string) {
    const { writer } = this.files.get(path.replace('/model.safetensors', '')) ?? {};
    return Promise.resolve(JSON.stringify({ writer }));
  }
}
