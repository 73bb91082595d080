import type { BlobContainer } from '../azure/blob.js';
import { attemptFolder } from '../domain/paths.js';
import {
  type Evaluation,
  type Heartbeat,
  type MetricsLine,
  evaluationSchema,
  heartbeatSchema,
  lastWordsSchema,
  metricsLineSchema,
} from '../domain/trainer.js';

/** Reads what the trainer wrote (docs/payload-contract.md). Names of incarnations sort by time. */
export async function incarnations(
  store: BlobContainer,
  run: string,
  phase: string,
  attempt: number,
  signal?: AbortSignal,
): Promise<string[]> {
  return (await store.folders(attemptFolder(run, phase, attempt), signal)).sort();
}

export async function readHeartbeat(
  store: BlobContainer,
  folder: string,
  signal?: AbortSignal,
): Promise<Heartbeat | null> {
  const parsed = heartbeatSchema.safeParse(await store.json(`${folder}/heartbeat.json`, signal));
  return parsed.success ? parsed.data : null;
}

export async function readLastWords(
  store: BlobContainer,
  folder: string,
): Promise<{ reason: string; message: string; exitCode: number } | null> {
  const parsed = lastWordsSchema.safeParse(await store.json(`${folder}/ending.json`));
  return parsed.success ? parsed.data : null;
}

export async function readEvaluation(store: BlobContainer, folder: string): Promise<Evaluation | null> {
  const parsed = evaluationSchema.safeParse(await store.json(`${folder}/evaluation.json`));
  return parsed.success ? parsed.data : null;
}

/** Metrics of an incarnation in step order. A file that is damaged is skipped: metrics are evidence, not state. */
export async function readMetrics(store: BlobContainer, folder: string, signal?: AbortSignal): Promise<MetricsLine[]> {
  const files = (await store.list(`${folder}/metrics/`, signal)).filter((blob) => blob.path.endsWith('.jsonl'));
  const texts = await Promise.all(files.map((file) => store.text(file.path, signal)));
  return texts.flatMap((text) => (text ?? '').split('\n').flatMap(parseLine)).sort((a, b) => a.step - b.step);
}

function parseLine(line: string): MetricsLine[] {
  if (line.trim() === '') return [];
  try {
    const parsed = metricsLineSchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
