/**
 * A fault schedule as plain data: what a run is, and what happens to it when. Made from a seed (`generate.ts`), played by a layer
 * (`layers.ts`), cut down where it breaks something (`shrink.ts`). Times are seconds since the run began.
 */
export interface Schedule {
  readonly seed: number;
  readonly steps: number;
  readonly stepSeconds: number;
  readonly checkpointSeconds: number;
  /** From Running to the first heartbeat. */
  readonly bootSeconds: number;
  readonly pollSeconds: number;
  /** Whether a trainer that Azure starts again in place goes on from its attempt's newest checkpoint; an older one begins where the job was submitted. */
  readonly resumesInPlace: boolean;
  /** Whether the run made its cluster. */
  readonly ownsCluster: boolean;
  /** Positions in the sample order that make the loss rise, or NaN, until they are passed over. */
  readonly poison: readonly { readonly position: number; readonly kind: 'spike' | 'nan' }[];
  readonly faults: readonly Fault[];
  /** What the run may cost; absent or null: as much as it takes. */
  readonly money?: Money | null;
  /** When the run must be done, seconds since it began: then there is a second cluster, of dedicated nodes. Absent or null: whenever it is. */
  readonly deadline?: number | null;
}

/** The cluster that nobody takes nodes away from. */
export const DEDICATED = 'steady';

export interface Money {
  /** The budget, as seconds for which it pays for the nodes of a job. */
  readonly budgetSeconds: number;
  /** How long a trainer may go on with nobody who renews it; null: as long as the budget pays for it. */
  readonly leaseSeconds: number | null;
  /** Workers and Temporal are gone for good from then on, in a second play of the schedule. */
  readonly goneAt: number;
}

export const GLOBAL_BATCH = 128;

/** How a preemption shows itself. */
export type Face =
  /** Failed with a PreemptionError. */
  | 'failed'
  /** Canceled, no capacity came back. */
  | 'canceled'
  /** Queued again under the same name. */
  | 'requeued'
  /** Running, and nothing answers any more. */
  | 'hang'
  /** The survivors say that a peer is gone and exit with 1. */
  | 'survivors'
  /** A warning, a last checkpoint, exit 6; Azure names no preemption. */
  | 'warned'
  /** NotResponding for a while, and back. */
  | 'not-responding';

/** How a training goes wrong by itself. */
export type Mishap =
  | 'user-error'
  | 'out-of-memory'
  | 'stuck-rank'
  | 'lost-peer'
  | 'killed'
  /** The step stands still while the heartbeat goes on. */
  | 'stall'
  /** Trains on and saves nothing any more. */
  | 'no-saves';

export type Damage =
  | 'truncated'
  | 'flipped'
  | 'file-lost'
  | 'manifest-lost'
  /** Bytes rot and the ETag stays: only the trainer finds it. */
  | 'rotten';

/** Calls of a supervisor to its world: where a worker can die, and an answer get lost. */
export type CallName =
  'submit' | 'look' | 'control' | 'cancel' | 'prove' | 'ladder' | 'evidence' | 'record' | 'retention' | 'claim';

export type OperatorAct = 'pause' | 'resume' | 'recover-now' | 'set-interval' | 'skip-window' | 'wake-up' | 'cancel';

export type Fault = { readonly at: number } & (
  | { readonly kind: 'preempt'; readonly face: Face }
  | { readonly kind: 'mishap'; readonly mishap: Mishap }
  | { readonly kind: 'azure-down'; readonly seconds: number; readonly how: 'error' | 'unauthorized' | 'throttled' }
  | { readonly kind: 'storage-down'; readonly seconds: number }
  /** Azure says 404 for a job that lives. */
  | { readonly kind: 'job-unknown'; readonly seconds: number }
  /** The list of nodes is answered and empty, though nodes are held. */
  | { readonly kind: 'nodes-unlisted'; readonly seconds: number }
  | { readonly kind: 'no-capacity'; readonly seconds: number; readonly refused: boolean }
  | { readonly kind: 'over-quota'; readonly seconds: number }
  | { readonly kind: 'slow-start'; readonly seconds: number }
  /** The job does not leave its state any more. */
  | { readonly kind: 'stuck'; readonly in: 'Queued' | 'Preparing' | 'Finalizing' | 'CancelRequested' }
  | { readonly kind: 'damage'; readonly what: Damage; /** 0 for the newest checkpoint. */ readonly rung: number }
  /** What is left of the last ended job saves once more. */
  | { readonly kind: 'ghost' }
  | { readonly kind: 'worker-down'; readonly seconds: number }
  /** The worker dies at the next call of this name, before it or behind it, when its answer is lost. */
  | {
      readonly kind: 'worker-dies';
      readonly call: CallName;
      readonly when: 'before' | 'behind';
      readonly seconds: number;
    }
  /** Temporal forgets the run; it is taken up from its storage. */
  | { readonly kind: 'temporal-lost' }
  | { readonly kind: 'operator'; readonly act: OperatorAct }
);
export type FaultKind = Fault['kind'];
