import type { EndedByUs } from '../../../domain/endings/evidence.js';
import { type EndStatus, newEnd, wantsNodes } from '../../../domain/proof.js';
import { flush, note } from './journal.js';
import type { Context, Open } from './state.js';
import { change, lookOnce, tell } from './watching.js';

/** How long the person in charge takes to come, where one is called and nobody else comes first. */
export const PERSON_SECONDS = 7_200;
const ASK_AGAIN_SECONDS = 5;

/** Writes down that the job is to end and why; from here on its end is ours, also for whoever takes the run up. */
export function decideToEnd(context: Context, open: Open, by: EndedByUs): Open {
  const { jobName } = open;
  context.listener.ended(by, jobName);
  const ending = { ...open, ending: by };
  context.state.open = ending;
  if (by.for === 'limit')
    note(context, { kind: 'limit-passed', jobName, limit: by.limit, seconds: by.seconds, limitSeconds: by.seconds });
  flush(context);
  return ending;
}

/** Asks a trainer that lives to save and leave, then cancels, then proves. */
export function bringToItsEnd(context: Context, open: Open): EndStatus {
  const { state, config, worker, decisions } = context;
  for (let asked: number | null = null; ; asked = (asked ?? 0) + ASK_AGAIN_SECONDS) {
    const step = decisions.stopStep(state.watch, asked, config.stopping);
    if (step === 'cancel') break;
    if (step === 'ask-trainer') change(context, { stop: 'after-checkpoint' });
    tell(context, open);
    worker.sleep(ASK_AGAIN_SECONDS);
    const verdict = lookOnce(context, open);
    if (verdict.kind === 'ENDED' && verdict.status !== 'NotFound') return verdict.status;
  }
  return prove(context, open.jobName, true) as EndStatus;
}

/** @param wanted false where only Azure's 404s say that the job ended: then it may turn out to live */
export function prove(context: Context, jobName: string, wanted: boolean): EndStatus | 'alive' {
  const { config, worker, calls, ownsCluster, decisions } = context;
  const { pollSeconds } = config.watch;
  const rules = { jobName, wanted, stopping: config.stopping, pollSeconds, ownsCluster };
  for (let memory = newEnd(); ;) {
    const withNodes = wantsNodes(memory, rules);
    const sighting = worker.call('prove', () => calls.endSighting(jobName, withNodes));
    const proof = decisions.proveEnd(memory, sighting, rules);
    memory = proof.memory;
    const { verdict } = proof;
    if (verdict.kind === 'proven') return verdict.status;
    if (verdict.kind === 'alive') return 'alive';
    if (verdict.do === 'cancel') worker.call('cancel', () => calls.cancel(jobName));
    if (verdict.do === 'delete-cluster') worker.call('cancel', () => calls.deleteCluster(clusterOf(context, jobName)));
    if (verdict.do === 'call-a-person') personEnds(context, jobName);
    worker.sleep(Math.min(pollSeconds, 10));
  }
}

/** As `workflows/clusters.ts` has it: of the open job where it went, of any other the config's own. */
const clusterOf = ({ state, config }: Context, jobName: string): string =>
  state.open?.jobName === jobName ? state.open.cluster : config.cluster.name;

function personEnds({ world, worker }: Context, jobName: string): void {
  const since = world.now;
  worker.sleep(PERSON_SECONDS);
  const job = world.job(jobName);
  if (job !== undefined && world.now - since >= PERSON_SECONDS * 1000) world.end(job, 'Canceled');
}
