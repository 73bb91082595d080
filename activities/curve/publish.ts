import type { BlobContainer } from '../../azure/blob.js';
import { type CheckpointManifest, checkpointManifestSchema, newestFirst } from '../../domain/checkpoints.js';
import { type Section, curveChanges, parseSectionFile, sectionFile } from '../../domain/curve.js';
import { checkpointFolder, phaseAttemptsFolder, tensorboardFolder } from '../../domain/paths.js';
import { checkpointsAmong } from '../../domain/resume/listing.js';
import type { MetricsLine } from '../../domain/trainer.js';
import { readMetrics } from '../trainer.js';
import { type Scalar, eventFile } from './event-file.js';

/**
 * Brings the TensorBoard view of a phase up to the newest checkpoint of an attempt: each step of the lineage once, undone steps left out.
 * Made from metrics in Blob, never from a node's disk. Idempotent: a section's name and bytes depend on the lineage alone.
 * @param signal ends it between two sections: what is published by then stays, the next call does the rest
 */
export async function publishCurve(
  store: BlobContainer,
  run: string,
  phase: string,
  attempt: string,
  signal?: AbortSignal,
): Promise<void> {
  const attempts = phaseAttemptsFolder(run, phase);
  const candidates = newestFirst(checkpointsAmong(await store.list(`${attempts}/${attempt}/`, signal)));
  for (const candidate of candidates) {
    const head = await readManifest(store, candidate.path, signal);
    if (head !== null) return publishLineage(store, { run, phase, head, signal });
  }
}

interface Publication {
  readonly run: string;
  readonly phase: string;
  readonly head: CheckpointManifest;
  readonly signal: AbortSignal | undefined;
}

async function publishLineage(store: BlobContainer, { run, phase, head, signal }: Publication): Promise<void> {
  const folder = tensorboardFolder(run, phase);
  const attempts = phaseAttemptsFolder(run, phase);
  const published = (await store.list(`${folder}/`, signal))
    .map((blob) => parseSectionFile(blob.path))
    .filter((section) => section !== null);
  const chain = await lineage(store, attempts, head, published, signal);
  const { write, remove } = curveChanges(published, chain);
  for (const section of remove) await store.remove(`${folder}/${sectionFile(section)}`);
  const metrics = new Map<string, MetricsLine[]>();
  for (const section of [...write].reverse()) {
    const from = `${attempts}/${section.attempt}/${section.incarnation}`;
    const lines = metrics.get(from) ?? (await readMetrics(store, from, signal));
    metrics.set(from, lines);
    const inside = lines.filter((line) => line.step > section.after && line.step <= section.upTo);
    signal?.throwIfAborted();
    await store.write(`${folder}/${sectionFile(section)}`, eventFile(inside.flatMap(scalars)));
  }
}

/** Sections from a checkpoint back through its parents, until one is met that is published. Newest first. */
async function lineage(
  store: BlobContainer,
  attempts: string,
  head: CheckpointManifest,
  published: readonly Section[],
  signal: AbortSignal | undefined,
): Promise<Section[]> {
  const chain: Section[] = [];
  let current: CheckpointManifest | null = head;
  while (current !== null) {
    const { attempt, incarnation, step, parent }: CheckpointManifest = current;
    chain.push({ attempt, incarnation, after: parent?.step ?? 0, upTo: step });
    const known =
      parent !== null &&
      published.some((section) => section.upTo === parent.step && section.incarnation === parent.incarnation);
    if (parent === null || known) break;
    current = await readManifest(
      store,
      `${attempts}/${parent.attempt}/${parent.incarnation}/${checkpointFolder(parent.step)}`,
      signal,
    );
  }
  return chain;
}

async function readManifest(
  store: BlobContainer,
  folder: string,
  signal?: AbortSignal,
): Promise<CheckpointManifest | null> {
  const parsed = checkpointManifestSchema.safeParse(await store.json(`${folder}/manifest.json`, signal));
  return parsed.success ? parsed.data : null;
}

function scalars(line: MetricsLine): Scalar[] {
  const at = Date.parse(line.at);
  const point = (tag: string, value: number): Scalar => ({ tag, step: line.step, at, value });
  return [
    ...Object.entries(line.loss).map(([name, value]) => point(`loss/${name}`, value)),
    point('learning_rate', line.learningRate),
    ...(line.gradNorm === null ? [] : [point('grad_norm', line.gradNorm)]),
    point('step_seconds', line.seconds),
  ];
}
