import { createHash } from 'node:crypto';
import type { BlobContainer } from '../../../azure/blob.js';
import type { AzureConnection } from '../../../azure/connection.js';
import type { CheckpointManifest } from '../../../domain/checkpoints.js';
import { attemptFolder, checkpointFolder } from '../../../domain/paths.js';
import type { Heartbeat } from '../../../domain/trainer.js';
import { ACCOUNT, HEARTBEAT_SECONDS, PHASE, containerOf, indexOf, placeOf, runName } from './config.js';
import type { KnownJob } from './emulator.js';

const FIRST_STEP = 1_000;
const STEPS_A_BEAT = 90;
const WEIGHTS = 'weights';

interface Trainer {
  readonly job: string;
  readonly run: string;
  readonly attempt: number;
  readonly store: BlobContainer;
  sequence: number;
  timer: NodeJS.Timeout;
}

/** What the trainers of all running jobs write: one checkpoint each when they begin, and heartbeats. They compute nothing. */
export class Trainers {
  private readonly all = new Map<string, Trainer>();
  /** Writes that failed; the next beat of the trainer tries again. */
  failures = 0;

  constructor(private readonly azure: AzureConnection) {}

  /** Begins for jobs that run now and ends for those that no longer do. */
  follow(jobs: readonly KnownJob[]): void {
    const running = new Set(jobs.filter(({ status }) => status === 'Running').map(({ name }) => name));
    for (const [job, { timer }] of this.all) {
      if (running.has(job)) continue;
      clearInterval(timer);
      this.all.delete(job);
    }
    for (const job of running) if (!this.all.has(job)) this.begin(job);
  }

  get count(): number {
    return this.all.size;
  }

  stop(): void {
    this.follow([]);
  }

  private begin(job: string): void {
    const index = indexOf(job);
    const attempt = Number(/-a(\d+)$/.exec(job)?.[1] ?? 1);
    const store = this.azure.container(ACCOUNT, containerOf(placeOf(index)));
    const timer = setInterval(() => void this.tried(() => beat(trainer)), HEARTBEAT_SECONDS * 1000);
    const trainer: Trainer = { job, run: runName(index), attempt, store, sequence: 0, timer };
    this.all.set(job, trainer);
    void this.tried(async () => {
      if (attempt === 1) await save(trainer);
      await beat(trainer);
    });
  }

  private async tried(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch {
      this.failures += 1;
    }
  }
}

const INCARNATION = 'i1';
const folderOf = ({ run, attempt }: Trainer) => `${attemptFolder(run, PHASE, attempt)}/${INCARNATION}`;

async function beat(trainer: Trainer): Promise<void> {
  trainer.sequence += 1;
  const at = new Date().toISOString();
  const heartbeat: Heartbeat = {
    ...{ format: 'bertha-heartbeat/1', incarnation: INCARNATION, sequence: trainer.sequence, state: 'training' },
    ...{ step: FIRST_STEP + trainer.sequence * STEPS_A_BEAT, totalSteps: 1_000_000 },
    ...{ loss: { mlm: 3.1, nsp: 0.2 }, sequencesPerSecond: 96, checkpointStep: FIRST_STEP, checkpointAt: at },
    ...{ firstStepAt: at, at },
  };
  await trainer.store.write(`${folderOf(trainer)}/heartbeat.json`, JSON.stringify(heartbeat));
}

async function save(trainer: Trainer): Promise<void> {
  const folder = `${folderOf(trainer)}/${checkpointFolder(FIRST_STEP)}`;
  const sha256 = createHash('sha256').update(WEIGHTS).digest('hex');
  const manifest: CheckpointManifest = {
    ...{ format: 'bertha-checkpoint/1', run: trainer.run, phase: PHASE, attempt: 'a001', incarnation: INCARNATION },
    ...{ step: FIRST_STEP, totalSteps: 1_000_000, samples: 1, tokens: 1, parent: null, worldSize: 1 },
    ...{ configSha256: '0', dataSha256: '0', sampleHash: sha256, at: new Date().toISOString() },
    files: [{ name: 'model.safetensors', bytes: WEIGHTS.length, sha256 }],
  };
  await trainer.store.write(`${folder}/model.safetensors`, WEIGHTS);
  await trainer.store.write(`${folder}/manifest.json`, JSON.stringify(manifest));
}
