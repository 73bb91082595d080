import { type ActivityInterfaceFor, type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { ControlActivities, DataActivities } from '../activities/index.js';

/** What an activity is for: the line that the Temporal UI shows beside its name. */
const purposes: Readonly<Partial<Record<keyof ControlActivities | keyof DataActivities, string>>> = {
  claimRun: "take the run's name in storage",
  preflight: 'workspace, SKU, quota: all problems before anything costs money',
  prepareData: 'dump → shards in the source container',
  planConversion: 'which .bin files of the old recipe there are',
  convertFile: 'a .bin file of the old recipe → shards in the source container',
  assembleConverted: 'the manifest of the converted shards',
  planPreparation: 'what is prepared, and in which pieces',
  verifyData: 'every file of the dataset against its hash',
  copyData: "shards → the run's container, each verified by its hash",
  ensureStorage: 'container and datastore',
  ensureCluster: 'the cluster, made only where there is none',
  ensureEnvironment: 'the environment, versioned by its content',
  ensureCode: 'the code, versioned by its content',
  findCheckpoint: 'the newest checkpoint of the lineage that verifies',
  collectEvidence: 'what Azure and the trainer say about how the job ended',
  measureAttempt: 'training time of the attempt, kept and lost; its curve',
  record: 'events and attempts into the journal',
  registerModel: 'the trained model',
  endJob: 'end a job and prove it',
  verifyCheckpoints: 'hash checkpoints as they appear, as long as this execution lives',
  letGoCheckpoints: 'let checkpoints go that nobody needs',
  jobsAlive: 'prove that no job of the run is alive',
  nodesGone: 'prove that the cluster holds no node',
  writeReport: 'the report',
  deliverMessages: 'tell the webhook what a person should hear of',
};

/** `proxyActivities`, with every call explained in the Temporal UI. Costs no history event. */
export function explainedActivities<A extends object>(options: ActivityOptions): ActivityInterfaceFor<A> {
  const explained = (name: string): ActivityInterfaceFor<A> => {
    const summary = options.summary ?? purposes[name as keyof typeof purposes];
    return proxyActivities<A>(summary === undefined ? options : { ...options, summary });
  };
  return new Proxy({} as ActivityInterfaceFor<A>, {
    get: (_target, name) => explained(String(name))[name as keyof A],
  });
}
