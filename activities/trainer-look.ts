import type { BlobContainer } from '../azure/blob.js';
import { AzureError } from '../azure/errors.js';
import { attemptName } from '../domain/names.js';
import { attemptFolder, verifiedFolder } from '../domain/paths.js';
import type { TrainingProgress } from '../domain/status.js';
import type { Told } from '../domain/control.js';
import { type ControlAck, type Heartbeat, toldSchema } from '../domain/trainer.js';
import { type TrainerSight, heartbeatSight } from '../domain/watch/sighting.js';
import { verifiedName } from './checkpoint-records.js';
import { incarnations, readHeartbeat } from './trainer.js';

/** What one look at the trainer's files shows. */
export interface TrainerLook {
  readonly sight: TrainerSight;
  readonly progress: Omit<TrainingProgress, 'jobName' | 'jobStatus'>;
  /** Newest incarnation; null where none has begun, or nothing could be read. */
  readonly incarnation: string | null;
  readonly ack: ControlAck | null;
  readonly heartbeat: Heartbeat | null;
}

const NOTHING: TrainerLook['progress'] = {
  incarnation: null,
  state: null,
  step: null,
  totalSteps: null,
  lossMlm: null,
  sequencesPerSecond: null,
  checkpointStep: null,
  checkpointAt: null,
  at: null,
};

/** Reads heartbeat and verified checkpoints of an attempt. Storage that does not answer is told as such, not thrown. */
export async function lookAtTrainer(
  store: BlobContainer,
  run: string,
  phase: string,
  attempt: number,
): Promise<TrainerLook> {
  try {
    return await look(store, run, phase, attempt);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const sight = { answered: false, why: error.message } as const;
    return { sight, progress: NOTHING, incarnation: null, ack: null, heartbeat: null };
  }
}

/** What the trainer of an attempt was told last, whether it has taken it in or not; zeros where nothing was said. */
export async function lastTold(store: BlobContainer, run: string, phase: string, attempt: number): Promise<Told> {
  const incarnation = (await incarnations(store, run, phase, attempt)).at(-1);
  if (incarnation === undefined) return { sequence: 0, checkpointNow: 0 };
  const folder = `${attemptFolder(run, phase, attempt)}/${incarnation}`;
  const heartbeat = await readHeartbeat(store, folder);
  const file = toldSchema.safeParse(await store.json(`${folder}/control.json`));
  const all = [heartbeat?.control, file.data];
  return {
    sequence: Math.max(0, ...all.map((one) => one?.sequence ?? 0)),
    checkpointNow: Math.max(0, ...all.map((one) => one?.checkpointNow ?? 0)),
  };
}

async function look(store: BlobContainer, run: string, phase: string, attempt: number): Promise<TrainerLook> {
  const incarnation = (await incarnations(store, run, phase, attempt)).at(-1) ?? null;
  const folder = `${attemptFolder(run, phase, attempt)}/${incarnation ?? ''}`;
  const [heartbeat, validCheckpoint] = await Promise.all([
    incarnation === null ? null : readHeartbeat(store, folder),
    newestVerified(store, run, phase, attempt),
  ]);
  const sight: TrainerSight = {
    answered: true,
    heartbeat: heartbeat === null ? null : heartbeatSight(heartbeat),
    validCheckpoint,
  };
  const progress = {
    incarnation,
    state: heartbeat?.state ?? null,
    step: heartbeat?.step ?? null,
    totalSteps: heartbeat?.totalSteps ?? null,
    lossMlm: heartbeat?.loss?.mlm ?? null,
    sequencesPerSecond: heartbeat?.sequencesPerSecond ?? null,
    checkpointStep: heartbeat?.checkpointStep ?? null,
    checkpointAt: heartbeat === null || heartbeat.checkpointAt === null ? null : Date.parse(heartbeat.checkpointAt),
    at: heartbeat === null ? null : Date.parse(heartbeat.at),
  };
  return { sight, progress, incarnation, ack: heartbeat?.control ?? null, heartbeat };
}

/** Newest record of this attempt that says good, by the names alone: a look must cost one listing. */
async function newestVerified(
  store: BlobContainer,
  run: string,
  phase: string,
  attempt: number,
): Promise<string | null> {
  const names = (await store.list(`${verifiedFolder(run, phase)}/${attemptName(attempt)}/`)).map(({ path }) =>
    verifiedName(path),
  );
  const good = names.filter((name) => name?.verdict === 'good').map((name) => `${name?.incarnation}/${name?.step}`);
  return good.sort().at(-1) ?? null;
}
