import type { BlobInfo } from '../../../azure/blob.js';
import type { Control } from '../../../domain/control.js';
import { MANIFEST } from '../../../domain/resume/listing.js';
import type { Heartbeat } from '../../../domain/trainer.js';
import type { SimJob } from '../world/job.js';
import type { Start } from '../world/start.js';
import { type StoredCheckpoint, hashesOf, manifestOf } from '../world/storage.js';
import type { World } from '../world/world.js';

const OF_WORLD = 'runs/sim';

interface Incarnation {
  readonly start: Start;
  readonly heartbeat: Heartbeat;
}

/** The files that trainers of the world leave in Blob, as docs/payload-contract.md has them: heartbeats, last words, checkpoints. */
export class TrainerFiles {
  /** By folder; what a trainer said last stays when its job is started anew on other nodes. */
  private readonly incarnations = new Map<string, Incarnation>();
  /** Jobs that have ended, and whose last words were heard. */
  private readonly closed = new Set<SimJob>();

  /** @param folder where the run lies @param begin of the world, epoch milliseconds */
  constructor(
    private readonly world: World,
    private readonly folder: string,
    private readonly begin: () => number,
  ) {}

  text(path: string): string | undefined {
    this.look();
    const { folder, name } = parts(path);
    const incarnation = this.incarnations.get(folder);
    if (name === 'heartbeat.json' && incarnation !== undefined) return JSON.stringify(incarnation.heartbeat);
    if (name === 'ending.json' && incarnation !== undefined) return wordsOf(incarnation);
    const checkpoint = this.checkpoint(folder);
    const isThere = checkpoint?.files.some((file) => file.name === name) === true;
    if (!isThere) return undefined;
    return name === MANIFEST ? JSON.stringify(manifestOf(checkpoint)) : '';
  }

  list(prefix: string): BlobInfo[] {
    this.look();
    const heartbeats = [...this.incarnations.keys()]
      .map((folder) => ({ path: `${folder}/heartbeat.json` }))
      .filter(({ path }) => path.startsWith(prefix));
    const isInside = (folder: string) => folder.startsWith(prefix) || prefix.startsWith(folder);
    const files = this.world.storage.checkpoints
      .map((checkpoint) => ({ folder: this.ours(checkpoint.path), files: checkpoint.files }))
      .filter(({ folder }) => isInside(folder))
      .flatMap(({ folder, files }) =>
        files.map(({ name, bytes, etag }) => ({ path: `${folder}/${name}`, bytes, etag })),
      );
    return [...heartbeats, ...files].map((one) => ({ bytes: 1, etag: 'beat', modified: 0, ...one }));
  }

  hash(path: string): { sha256: string; bytes: number } | null {
    const { folder, name } = parts(path);
    const checkpoint = this.checkpoint(folder);
    const file = checkpoint?.files.find((one) => one.name === name);
    if (checkpoint === undefined || file === undefined) return null;
    return { sha256: hashesOf(checkpoint)[name] ?? '', bytes: file.bytes };
  }

  /** With its first file a checkpoint goes; who removes one removes all of it. */
  remove(path: string): void {
    const checkpoint = this.checkpoint(parts(path).folder);
    if (checkpoint !== undefined) this.world.storage.remove(checkpoint.path);
  }

  /** A control.json reaches the trainer whose folder it lies in. */
  written(path: string, body: string): void {
    const { folder, name } = parts(path);
    const incarnation = this.incarnations.get(folder);
    if (name !== 'control.json' || incarnation === undefined) return;
    const file = JSON.parse(body) as Control & { readonly spendUntil: string | null };
    const spendUntil = file.spendUntil === null ? null : Date.parse(file.spendUntil) - this.begin();
    if (incarnation.start.ackedSequence < file.sequence)
      incarnation.start.tell({ ...file, spendUntil }, this.world.now);
  }

  private checkpoint(folder: string): StoredCheckpoint | undefined {
    return this.world.storage.at(folder.replace(this.folder, OF_WORLD));
  }

  private ours(path: string): string {
    return path.replace(OF_WORLD, this.folder);
  }

  private look(): void {
    const { jobs, now, schedule } = this.world;
    for (const job of jobs) {
      const { request, isOver } = job;
      if (this.closed.has(job)) continue;
      if (isOver) this.closed.add(job);
      for (const start of job.beating(now)) {
        const sight = start.heartbeat(now);
        if (sight === null) continue;
        const folder = `${this.folder}/p1/attempts/${request.attempt}/${sight.incarnation}`;
        this.incarnations.set(folder, { start, heartbeat: heartbeatOf(start, sight, schedule.steps, now) });
      }
    }
  }
}

function heartbeatOf(
  start: Start,
  sight: NonNullable<ReturnType<Start['heartbeat']>>,
  totalSteps: number,
  now: number,
): Heartbeat {
  const { incarnation, sequence, state, step, warned, gone, stuck } = sight;
  const at = new Date(now).toISOString();
  return {
    ...{ format: 'bertha-heartbeat/1', incarnation, sequence, state, step, totalSteps, at },
    ...{ loss: null, sequencesPerSecond: null, checkpointStep: null, checkpointAt: null, firstStepAt: null },
    nodes: [...start.nodes],
    notice: warned ? { kind: 'SIGTERM', at } : null,
    alive: !gone,
    stuck: stuck ? { rank: 1 } : null,
    control: { sequence: start.ackedSequence, checkpointNow: start.ackedCheckpoints },
  };
}

const wordsOf = ({ start }: Incarnation) => (start.words === null ? undefined : JSON.stringify(start.words));

function parts(path: string): { folder: string; name: string } {
  const cut = path.lastIndexOf('/');
  return { folder: path.slice(0, cut), name: path.slice(cut + 1) };
}
