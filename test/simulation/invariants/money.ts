import type { RunConfig } from '../../../domain/config.js';
import type { Fault, Money } from '../schedule.js';
import type { SimJob } from '../world/job.js';
import type { World } from '../world/world.js';
import type { Checks } from './names.js';

/** Of a budget as seconds of nodes. A cancel takes 25 s, and times are whole seconds to Azure. */
const CANCEL_SECONDS = 30;

/** What is spent at the end against what may be: by the nodes that were held in truth, whatever anybody measured. */
export function checkBudget(checks: Checks, world: World, { watch, stopping }: RunConfig): void {
  const { money } = world.schedule;
  if (money === null || money === undefined) return;
  const stop = watch.pollSeconds + stopping.checkpointSeconds + stopping.apartSeconds;
  const allowed = money.budgetSeconds + stop + beyondCancel(world);
  const held = world.heldSeconds();
  checks.check(
    'budget kept',
    held <= allowed,
    () => `nodes were held for ${held} s, the budget pays for ${money.budgetSeconds} s`,
  );
}

/** Faults in which nobody sees whether nodes are held; they are paid for all the same, as far as anybody knows. */
const BLINDING: ReadonlySet<Fault['kind']> = new Set([
  'azure-down',
  'worker-down',
  'worker-dies',
  'temporal-lost',
  'preempt',
]);

/** A job is ended for the budget when that is nearly used up, and not before. */
export function mayEndForMoney(world: World, { watch, stopping }: RunConfig): boolean {
  const { money, faults } = world.schedule;
  if (money === null || money === undefined) return false;
  if (faults.some(({ kind }) => BLINDING.has(kind))) return true;
  const reserve = watch.pollSeconds + stopping.checkpointSeconds + stopping.apartSeconds;
  return world.heldSeconds() + reserve + 3 * watch.pollSeconds >= money.budgetSeconds;
}

/** Seconds in which jobs were held that no cancel ends: their nodes leave with the cluster, or with a person's help. */
const beyondCancel = ({ jobs, now }: World) =>
  jobs.reduce((sum, { causes, cancelAskedAt, endedAt }) => {
    const isHeld = causes.includes('stuck-CancelRequested') && cancelAskedAt < Infinity;
    return sum + (isHeld ? ((endedAt ?? now) - cancelAskedAt) / 1000 : 0);
  }, 0);

/**
 * What jobs spend that nobody watches any more: nothing beyond the budget that was promised to them and the time of a cancel, and where the
 * trainer hears, nothing beyond the time that it was told and a checkpoint.
 * @param letPass lets the time pass until nothing can run any more
 */
export function checkLeftAlone(
  checks: Checks,
  world: World,
  { money, goneAt }: { readonly money: Money; readonly goneAt: number },
  letPass: () => void,
): void {
  const { schedule } = world;
  const job = world.target();
  const start = job?.start ?? null;
  const told = start?.spendUntil ?? Infinity;
  letPass();
  const held = world.heldSeconds();
  const isEndless = world.jobs.some(({ causes }) => causes.includes('stuck-CancelRequested'));
  checks.check(
    'nothing spends beyond the bound once its supervisor is dead',
    held <= money.budgetSeconds + CANCEL_SECONDS || isEndless,
    () =>
      `nodes were held for ${Math.round(held)} s, the budget pays for ${money.budgetSeconds} s, left alone at ${goneAt / 1000} s`,
  );
  if (job === undefined || start === null || told === Infinity || isDeaf(job)) return;
  const isDone = start.step(world.now) >= schedule.steps;
  const closing = 2 * CHECKPOINT_SECONDS + (isDone ? EVALUATION_SECONDS : 0);
  const saving = schedule.stepSeconds + closing + storageDown(schedule.faults);
  const until = told / 1000 + saving;
  const left = Math.min(start.overAt, job.endedAt ?? Infinity) / 1000;
  checks.check(
    'nothing spends beyond the bound once its supervisor is dead',
    left <= until,
    () => `the trainer of ${job.request.name} left at ${left} s, it was told ${told / 1000} s and may take ${saving} s`,
  );
}

/** A checkpoint is written in 5 s, and one may be under way. */
const CHECKPOINT_SECONDS = 6;
/** What has done its last step is evaluated to the end. */
const EVALUATION_SECONDS = 60;

/** Processes that stand still hear nothing: Azure's timeout ends them. */
const isDeaf = ({ causes }: SimJob) => causes.some((cause) => ['hang', 'stall', 'stuck-rank'].includes(cause));

const storageDown = (faults: readonly Fault[]) =>
  faults.reduce((sum, fault) => sum + (fault.kind === 'storage-down' ? fault.seconds + 60 : 0), 0);
