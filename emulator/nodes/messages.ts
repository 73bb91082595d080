import type { Treatment } from '../mount/treatment.js';
import type { BlobPlace } from '../storage/place.js';

/** An input of a job, resolved to where its bytes are. */
export interface NodeInput {
  name: string;
  /** `file`: one blob; `folder`: all below the place. */
  kind: 'file' | 'folder';
  /** `direct` hands the address to the command and fetches nothing. */
  mode: 'download' | 'direct';
  uri: string;
  place: BlobPlace;
}

/** An output of a job, resolved to where its bytes go. */
export interface NodeOutput {
  name: string;
  /** `mount` keeps the folder in step with the place; `upload` sends all when the command has ended. */
  mode: 'mount' | 'upload';
  place: BlobPlace;
}

/** All that a node needs to do its part of a job. Goes over the channel, never through files or the environment. */
export interface NodeSpec {
  job: string;
  /** The node's disk for this start; empty when it begins. */
  folder: string;
  rank: number;
  nodes: number;
  processes: number;
  command: string;
  environment: Record<string, string>;
  literals: Record<string, string>;
  code: BlobPlace | null;
  inputs: NodeInput[];
  outputs: NodeOutput[];
  /** Folder of the run's artifacts, for logs and `./outputs`; null without storage. */
  artifacts: BlobPlace | null;
  /** Where the processes meet; null when the job has no distribution. */
  rendezvous: { address: string; port: number } | null;
}

/**
 * From the emulator to a node.
 * - `warn`: SIGTERM for the command, and nothing else
 * - `stop`: ends the command: SIGTERM, then SIGKILL after the grace
 * - `store`: the answer to `storing`
 */
export type ToNode =
  | { type: 'prepare'; spec: NodeSpec }
  | { type: 'run' }
  | { type: 'warn' }
  | { type: 'stop'; graceMs: number }
  | { type: 'store'; id: number; treatment: Treatment | null };

/**
 * From a node to the emulator.
 * - `prepared`: code and inputs are there
 * - `unfit`: they cannot be
 * - `log`: a log file came to be, named as an artifact
 * - `exited`: a process of the command ended
 * - `storing`: a file of a mounted output is about to go up, and waits for `store`
 * - `uploaded`: a file of an output is in Blob storage; small JSON comes along
 * - `flushed`: every process has ended and everything is uploaded; the last word of a node
 */
export type FromNode =
  | { type: 'prepared' }
  | { type: 'unfit'; message: string }
  | { type: 'log'; artifact: string }
  | { type: 'exited'; rank: number; code: number | null; signal: string | null; log: string; tail: string }
  | { type: 'storing'; id: number; blob: string; bytes: number }
  | { type: 'uploaded'; output: string; blob: string; json: string | null }
  | { type: 'flushed'; problem: string | null };

/** Environment variable by which every process of a node is known, whatever group or session it moved itself to. */
export const NODE_MARK = 'AZUREML_NODE_ID';
