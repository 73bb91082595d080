/** Every second of a run lies in one of these, and in no other. */
export type Bucket =
  | 'preflight'
  | 'data'
  | 'infrastructure'
  | 'submit'
  | 'queue'
  | 'boot'
  | 'startup'
  | 'restore'
  | 'useful'
  | 'checkpoint-stall'
  | 'lost-work'
  | 'hang'
  | 'stopping'
  | 'finalizing'
  | 'detect'
  | 'decide'
  | 'capacity-wait'
  | 'backoff'
  | 'person'
  | 'outage'
  | 'azure-outage'
  | 'closing'
  | 'unexplained';

/** Who could make it shorter. */
export type Owner = 'training' | 'trainer' | 'supervisor' | 'azure' | 'person';

/** `GoodputType` and `BadputType` of ml-goodput-measurement, as far as something of ours fits them. */
export type MlGoodput =
  | 'TOTAL'
  | 'TRAINING_PREP'
  | 'PROGRAM_STARTUP'
  | 'UNPRODUCTIVE_CHECKPOINT_SAVE_TIME'
  | 'UNPRODUCTIVE_CHECKPOINT_RESTORE_TIME'
  | 'WASTED_PROGRESS_FROM_DISRUPTION'
  | 'INFRASTRUCTURE_RECOVERY_FROM_DISRUPTION'
  | 'CUSTOM_BADPUT_EVENTS'
  | 'OTHER';

interface BucketWords {
  readonly sentence: string;
  readonly owner: Owner;
  /** Its name in https://github.com/AI-Hypercomputer/ml-goodput-measurement (README, "Badput Breakdown"). */
  readonly mlGoodput: MlGoodput;
}

/** In the order in which a run meets them; what only supervision has is `CUSTOM_BADPUT_EVENTS` there. */
export const BUCKETS = {
  preflight: {
    sentence: 'Claim of the name, checks of workspace, quota and price, before anything costs money.',
    owner: 'supervisor',
    mlGoodput: 'CUSTOM_BADPUT_EVENTS',
  },
  data: {
    sentence: 'The dataset is prepared, copied and verified.',
    owner: 'supervisor',
    mlGoodput: 'TRAINING_PREP',
  },
  infrastructure: {
    sentence: 'Datastore, cluster, environment and code are made sure of.',
    owner: 'supervisor',
    mlGoodput: 'CUSTOM_BADPUT_EVENTS',
  },
  submit: {
    sentence: 'A job is handed to Azure, until Azure has it.',
    owner: 'supervisor',
    mlGoodput: 'INFRASTRUCTURE_RECOVERY_FROM_DISRUPTION',
  },
  queue: {
    sentence: 'A job waits for nodes; none is paid for.',
    owner: 'azure',
    mlGoodput: 'INFRASTRUCTURE_RECOVERY_FROM_DISRUPTION',
  },
  boot: {
    sentence:
      "Nodes are there: image, mounts and processes, until the trainer's first word; also between two starts of one job.",
    owner: 'azure',
    mlGoodput: 'INFRASTRUCTURE_RECOVERY_FROM_DISRUPTION',
  },
  startup: {
    sentence: "From the trainer's first word to its first step, without what it took to restore.",
    owner: 'trainer',
    mlGoodput: 'PROGRAM_STARTUP',
  },
  restore: {
    sentence: 'The trainer reads and verifies what it goes on from; in `startup` where a trainer does not tell it.',
    owner: 'trainer',
    mlGoodput: 'UNPRODUCTIVE_CHECKPOINT_RESTORE_TIME',
  },
  useful: {
    sentence: 'Optimizer steps that the final model contains.',
    owner: 'training',
    mlGoodput: 'TOTAL',
  },
  'checkpoint-stall': {
    sentence:
      'Training stands still while a checkpoint is saved; in `useful` or `lost-work` where a trainer does not tell it.',
    owner: 'trainer',
    mlGoodput: 'UNPRODUCTIVE_CHECKPOINT_SAVE_TIME',
  },
  'lost-work': {
    sentence: 'Steps that were done and undone: behind the newest checkpoint, or behind one that the run fell back to.',
    owner: 'azure',
    mlGoodput: 'WASTED_PROGRESS_FROM_DISRUPTION',
  },
  hang: {
    sentence: 'Steps stand still, until the limit that noticed it, or the trainer itself, ended it.',
    owner: 'trainer',
    mlGoodput: 'OTHER',
  },
  stopping: {
    sentence:
      'From the wish to end a job, for a limit or for an operator, to its proven end; without the steps done meanwhile.',
    owner: 'supervisor',
    mlGoodput: 'CUSTOM_BADPUT_EVENTS',
  },
  finalizing: {
    sentence:
      "From a job's last known step to its end by Azure's clock: evaluation, upload, closing, or Azure noticing that nodes are gone.",
    owner: 'azure',
    mlGoodput: 'OTHER',
  },
  detect: {
    sentence: "From a job's end by Azure's clock until the supervisor knows of it.",
    owner: 'supervisor',
    mlGoodput: 'INFRASTRUCTURE_RECOVERY_FROM_DISRUPTION',
  },
  decide: {
    sentence: 'Evidence, resume ladder, decision and whatever else comes before the next submission.',
    owner: 'supervisor',
    mlGoodput: 'INFRASTRUCTURE_RECOVERY_FROM_DISRUPTION',
  },
  'capacity-wait': {
    sentence: 'Pause before the next submission for want of capacity.',
    owner: 'azure',
    mlGoodput: 'INFRASTRUCTURE_RECOVERY_FROM_DISRUPTION',
  },
  backoff: {
    sentence: 'Pause before the next submission after another fault.',
    owner: 'supervisor',
    mlGoodput: 'INFRASTRUCTURE_RECOVERY_FROM_DISRUPTION',
  },
  person: {
    sentence: 'The run is paused, waits for a person, or had ended before somebody took it up again.',
    owner: 'person',
    mlGoodput: 'CUSTOM_BADPUT_EVENTS',
  },
  outage: {
    sentence: 'No worker ran or Temporal was away, while there was something to notice or to decide.',
    owner: 'supervisor',
    mlGoodput: 'INFRASTRUCTURE_RECOVERY_FROM_DISRUPTION',
  },
  'azure-outage': {
    sentence: 'Azure or the storage gave no answer, while there was something to notice or to decide.',
    owner: 'azure',
    mlGoodput: 'INFRASTRUCTURE_RECOVERY_FROM_DISRUPTION',
  },
  closing: {
    sentence: 'The model is registered, or what is left is stopped; the proof that nothing is left, and the report.',
    owner: 'supervisor',
    mlGoodput: 'OTHER',
  },
  unexplained: {
    sentence: 'No record tells; a part of the journal is missing.',
    owner: 'supervisor',
    mlGoodput: 'OTHER',
  },
} as const satisfies Record<Bucket, BucketWords>;

export const bucketNames = Object.keys(BUCKETS) as Bucket[];

export const ownerOf = (bucket: Bucket): Owner => BUCKETS[bucket].owner;
