import { z } from 'zod';

/** `manifest.json` of a checkpoint, docs/payload-contract.md. Unknown fields of later payloads are kept, not refused. */
export const checkpointManifestSchema = z.object({
  format: z.literal('bertha-checkpoint/1'),
  run: z.string(),
  phase: z.string(),
  attempt: z.string(),
  incarnation: z.string(),
  step: z.int().min(0),
  totalSteps: z.int().min(1),
  samples: z.int().min(0),
  tokens: z.int().min(0),
  parent: z.object({ attempt: z.string(), incarnation: z.string(), step: z.int().min(0) }).nullable(),
  worldSize: z.int().min(1),
  cursor: z.object({ position: z.int().min(0) }).optional(),
  configSha256: z.string(),
  dataSha256: z.string(),
  sampleHash: z.string(),
  loss: z.number().nullish(),
  at: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.int().min(0), sha256: z.string() })).min(1),
});
export type CheckpointManifest = z.output<typeof checkpointManifestSchema>;

/** A checkpoint of the lineage, small enough to live in workflow state. */
export interface CheckpointRef {
  readonly phase: string;
  readonly attempt: string;
  readonly incarnation: string;
  readonly step: number;
  /** Blob folder that holds manifest.json. */
  readonly path: string;
  readonly sampleHash: string;
  readonly at: string;
  /** Position in the sample order behind its last step; absent where its manifest names none. */
  readonly position?: number;
}

/** A checkpoint folder that was looked at and refused, with the reason in words. */
export interface RejectedCheckpoint {
  readonly path: string;
  readonly reason: string;
}

/**
 * Order in which checkpoints are tried on resume: the highest step first; of equal steps the younger incarnation
 * (names sort by time), because it was written by the attempt that is known to be the later one.
 */
export function newestFirst<T extends { readonly step: number; readonly incarnation: string }>(
  checkpoints: readonly T[],
): T[] {
  return [...checkpoints].sort((a, b) => b.step - a.step || (a.incarnation < b.incarnation ? 1 : -1));
}
