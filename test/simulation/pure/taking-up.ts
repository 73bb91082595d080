import { withLater } from '../../../domain/commands.js';
import { controlAfter, newControl } from '../../../domain/control.js';
import { decideOnPast } from '../../../domain/recovery.js';
import { newWatch } from '../../../domain/watch/memory.js';
import { flush, note } from './journal.js';
import { leased } from './money.js';
import { type Context, factsOf, newState } from './state.js';
import { prove } from './stopping.js';

/**
 * Claims the run as `workflows/take-up.ts` does: of a run whose Temporal was lost, counts, budgets and operators' words come from the journal, and
 * the job that nobody saw the end of is adopted. Any other that lives is ended.
 */
export function claim(context: Context): void {
  const { state, world, worker, calls, config } = context;
  Object.assign(state, newState(`chain-${world.storage.chains.length + 1}`));
  note(context, { kind: 'run-started', continued: world.storage.chains.length > 0 });
  const claimed = worker.call('claim', () => calls.claim(config, state.chain));
  if (claimed === null) return;
  const { past, open, attempts, told } = claimed;
  context.listener.delayed();
  const phase = past.phases['p1'] ?? state.phase;
  const operator = withLater(past.operator, state.asked, factsOf(state), world.now);
  Object.assign(state, { operator, phase: { ...phase, attempts }, budgetTold: past.budgetTold });
  if (open !== null) {
    // How long it has held nodes is not known: all of its life is counted.
    const control = told.sequence > 0 ? controlAfter(told, world.now) : newControl(open.submittedAt);
    const meter = { seconds: Math.max(0, world.now - open.submittedAt) / 1000, at: world.now, runs: true };
    Object.assign(state, {
      open,
      lastCluster: open.cluster,
      watch: { ...newWatch(), meter },
      control: leased(context, control),
    });
    const { jobName, resumedFrom } = open;
    note(context, {
      kind: 'job-submitted',
      phase: 'p1',
      jobName,
      resumeStep: resumedFrom?.step ?? null,
      adopted: true,
    });
  }
  for (const name of worker.call('claim', () => calls.jobsAlive()))
    if (name !== state.open?.jobName) prove(context, name, true);
  flush(context);
  if (state.open === null && state.phase.attempts > 0) goOnFromPast(context);
}

/** Between two attempts: what was decided on before may be damaged by now. */
function goOnFromPast({ state, config, worker, calls }: Context): void {
  const { lineage } = state.phase;
  const { checkpoint } = worker.call('ladder', () => calls.findCheckpoint(lineage, null, null));
  const isTrained = checkpoint !== null && checkpoint.step === config.phases[0]?.steps;
  state.decision = isTrained
    ? { action: 'advance', phase: { ...state.phase, head: checkpoint } }
    : decideOnPast(config, { ...state.phase, head: null }, checkpoint);
  state.phase = { ...state.phase, head: checkpoint };
  state.heldUntil = Infinity;
}
