import type { Job } from '../entities/job.js';
import type { Call } from '../http/route.js';
import { revisionOf } from '../store/collection.js';
import { projected } from '../versions/interceptor.js';
import type { World } from '../world.js';
import { clusterOf } from './target.js';
import { jobBody } from './wire.js';

/** Ways of asking (api-version and address) that a job's texts are kept for; more would let a client fill the memory. */
const KEPT = 4;

/** What the texts of a job speak of: they hold while none of it changes. */
interface Stamp {
  /** Revision of the job. */
  job: number;
  /** Revision of its cluster, whose counts of nodes stand in a tag; -1 without one. */
  cluster: number;
  /** A job that is told to start while it is being canceled notes the time without being put. */
  startedAt: string | null;
}

interface Kept {
  stamp: Stamp;
  /** By way of asking, the one that was asked for last at the end. */
  texts: Map<string, Texts>;
}

interface Texts {
  alone: Buffer;
  /** As an item of a list: a comma, a line break, and the text four spaces further in. */
  listed: Buffer | undefined;
}

const kept = new WeakMap<Job, Kept>();

/**
 * A job's body as text, in the api-version of the call: the very bytes that printing the body would give, kept until the job
 * or its cluster changes. A list of a thousand jobs is asked for more often than a job changes.
 */
export function jobText(call: Call, job: Job): Buffer {
  return textsOf(call, wayOf(call), job).alone;
}

/** The text of each job as an item of a list: a comma, a line break, and the text four spaces further in. The same object while it is the same text. */
export function jobItems(call: Call, jobs: readonly Job[]): Buffer[] {
  const way = wayOf(call);
  return jobs.map((job) => listed(textsOf(call, way, job)));
}

function textsOf(call: Call, way: string, job: Job): Texts {
  const texts = keptOf(call, job)?.texts;
  const found = texts?.get(way);
  // Found with no other beside it: it is the one that was asked for last already.
  if (found !== undefined && texts?.size === 1) return found;
  const made = found ?? { alone: print(projected(call, jobBody(call, job))), listed: undefined };
  texts?.delete(way);
  texts?.set(way, made);
  if (texts !== undefined && texts.size > KEPT) texts.delete(texts.keys().next().value ?? way);
  return made;
}

/** @returns undefined where nothing tells when the job or its cluster changes: both are then of the past, as a stale read shows them */
function keptOf({ world }: Call, job: Job): Kept | undefined {
  const stamp = stampOf(world, job);
  if (stamp === undefined) return undefined;
  const entry = kept.get(job);
  if (entry !== undefined && isSame(entry.stamp, stamp)) return entry;
  const fresh: Kept = { stamp, texts: new Map() };
  kept.set(job, fresh);
  return fresh;
}

function stampOf(world: World, job: Job): Stamp | undefined {
  const cluster = world.clusters.get(clusterOf(job));
  const [ofJob, ofCluster] = [revisionOf(job), cluster === undefined ? -1 : revisionOf(cluster)];
  if (ofJob === undefined || ofCluster === undefined) return undefined;
  return { job: ofJob, cluster: ofCluster, startedAt: job.startedAt };
}

function isSame(left: Stamp, right: Stamp): boolean {
  return left.job === right.job && left.cluster === right.cluster && left.startedAt === right.startedAt;
}

// Real bodies are JSON of two spaces, as the listener prints them.
function print(body: unknown): Buffer {
  return Buffer.from(JSON.stringify(body, null, 2));
}

// A line break within a value is written \n, so those that are really there are the printer's own.
function listed(texts: Texts): Buffer {
  return (texts.listed ??= Buffer.from(`,\n    ${texts.alone.toString().replaceAll('\n', '\n    ')}`));
}

function wayOf({ query, site }: Call): string {
  return `${query.get('api-version')} ${site.arm} ${site.data}`;
}
