import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

const LONGEST_SLUG = 60;
const HASHED = /-x[0-9a-f]{16}$/;

/**
 * The one map from a workflow id to the name used in Azure (job names, blob folders): total, bounded by 60 characters, and collision-free.
 * Ids that are already legal stay as they are; any other becomes a readable stem with 64 bits of its SHA-256. A legal id that looks
 * like such a hashed one is hashed too, so the two kinds never meet.
 * Azure ML job names hold letters, digits, `-` and `_` only; ids of Temporal Schedules hold `:`.
 */
export function runSlug(workflowId: string): string {
  const legal = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(workflowId) && workflowId.length <= LONGEST_SLUG;
  if (legal && !HASHED.test(workflowId)) return workflowId;
  const stem = workflowId
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, LONGEST_SLUG - 18)
    .replace(/-+$/, '');
  return `${stem || 'run'}-x${bytesToHex(sha256(utf8ToBytes(workflowId))).slice(0, 16)}`;
}

/** `a001`, `a002`, ...: attempts of a phase, counted from 1 in the workflow, never from a retry counter. */
export function attemptName(attempt: number): string {
  return `a${String(attempt).padStart(3, '0')}`;
}

/** The number in an attempt's name; 0 for what is no such name. */
export const attemptNumber = (name: string): number => Number(/^a(\d+)$/.exec(name)?.[1] ?? 0);

/** Name of the Azure ML job of an attempt: `<run>-<phase>-a<NNN>`. A phase's name holds no `-`, so no two runs and phases share a job name. */
export function jobName(workflowId: string, phase: string, attempt: number): string {
  return `${runSlug(workflowId)}-${phase}-${attemptName(attempt)}`;
}

/** SHA-256 of a JSON value with its keys sorted, hex: equal values have equal hashes whatever the order of their keys. */
export function contentHash(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(value))));
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
