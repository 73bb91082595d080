import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { deleteCluster, listNodes } from '../azure/cluster.js';
import { AzureError } from '../azure/errors.js';
import { requestCancel } from '../azure/jobs.js';
import {
  type EndMemory,
  type EndRules,
  type EndSighting,
  type EndStatus,
  newEnd,
  proveEnd,
  wantsNodes,
} from '../domain/proof.js';
import { type Deps, type Place, report } from './deps.js';
import { refuseIfTakenOver } from './run-record.js';
import { lookAtJob } from './watch.js';

export interface EndRequest {
  readonly place: Place;
  readonly chain: string;
  readonly cluster: string;
  readonly rules: EndRules;
}

export type EndResult =
  | {
      readonly kind: 'proven';
      readonly status: EndStatus;
      readonly because: string;
      /** The cluster, which the run had made, had to go with the job: before the next one it is made again. */
      readonly clusterDeleted: boolean;
    }
  /** Only where nobody wanted it to end: Azure did not know the job for a while, and it lives. */
  | { readonly kind: 'alive'; readonly because: string }
  | { readonly kind: 'call-a-person'; readonly because: string };

export const endActivities = (deps: Deps) => ({
  /**
   * Ends a job and returns when its end is proven (`domain/proof.ts`), or when only a person can help. One look per attempt of the activity,
   * repeated by BENIGN failures. Safe to repeat; an unanswered question proves nothing.
   * @throws a final failure where another workflow has taken the run up
   */
  async endJob(request: EndRequest): Promise<EndResult> {
    const { place, chain, cluster, rules } = request;
    await refuseIfTakenOver(deps, place, chain);
    const before = (activityInfo().heartbeatDetails as EndMemory | undefined) ?? newEnd();
    const { sight: job } = await lookAtJob(deps, place, rules.jobName);
    const nodes = wantsNodes(before, rules) ? await lookAtNodes(deps, place, cluster) : null;
    const { memory, verdict } = proveEnd(before, { at: deps.now(), job, nodes }, rules);
    report(memory);
    if (verdict.kind === 'proven') return { ...verdict, clusterDeleted: memory.deletionAsked };
    if (verdict.kind === 'alive') return verdict;
    if (verdict.do === 'call-a-person') return { kind: 'call-a-person', because: verdict.because };
    const refusal = await act(deps, request, verdict.do);
    throw ApplicationFailure.create({
      type: 'JobStillEnding',
      message: refusal === null ? verdict.because : `${verdict.because}; ${refusal}`,
      category: ApplicationFailureCategory.BENIGN,
      nextRetryDelay: Math.min(rules.pollSeconds, 10) * 1000,
    });
  },
});

/** However Azure refuses, the job has not ended by it: the next look asks again. @returns the refusal in words, or null */
async function act(deps: Deps, { place, cluster, rules }: EndRequest, what: string): Promise<string | null> {
  try {
    const azure = deps.connection(place.azure);
    if (what === 'cancel') await requestCancel(azure, rules.jobName);
    if (what === 'delete-cluster') await deleteCluster(azure, cluster, cancellationSignal());
    return null;
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return error.message;
  }
}

async function lookAtNodes(deps: Deps, place: Place, cluster: string): Promise<NonNullable<EndSighting['nodes']>> {
  try {
    return { answered: true, nodes: await listNodes(deps.connection(place.azure), cluster) };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return error.kind === 'not-found' ? { answered: true, nodes: [] } : { answered: false };
  }
}
