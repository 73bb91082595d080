import type { Command } from '../../../domain/commands.js';
import type { RunConfig } from '../../../domain/config.js';
import { configWith } from '../../domain/samples.js';
import { Invariants } from '../invariants/invariants.js';
import { DEDICATED, type Fault, GLOBAL_BATCH, type Money, type Schedule } from '../schedule.js';
import { World } from '../world/world.js';
import { Calls } from './calls.js';
import type { Decisions } from './decisions.js';
import { PRICE } from './money.js';
import { type Context, newState } from './state.js';
import { receive } from './supervisor.js';
import { Worker } from './worker.js';

const DAY_MS = 86_400_000;

/**
 * Everything that a schedule is played with. @param how `callMs`: how long each call takes; `goneAt`: when who supervises is gone for good,
 * virtual milliseconds
 */
export function stage(
  schedule: Schedule,
  decisions: Decisions,
  { callMs, goneAt = Infinity }: { callMs?: (() => number) | undefined; goneAt?: number } = {},
): Context & { readonly invariants: Invariants } {
  const config = configOf(schedule);
  const worker = new Worker(() => world, giveUpAt(schedule), callMs, goneAt);
  const world: World = new World(schedule, (fault) => {
    if (fault.kind === 'operator') return world.now < goneAt && receive(context, commandOf(fault, schedule));
    worker.strike(fault);
    // A worker that dies takes no durable timer with it.
    return fault.kind === 'temporal-lost';
  });
  const invariants = new Invariants(world, config, () => worker.downUntil);
  const calls = new Calls(world, decisions);
  const { ownsCluster } = schedule;
  const context = {
    ...{ config, world, worker, calls, listener: invariants, invariants, ownsCluster },
    ...{ decisions, state: newState('') },
  };
  return context;
}

const basis = configWith();

export function configOf(schedule: Schedule): RunConfig {
  const { steps, checkpointSeconds, pollSeconds, money } = schedule;
  const { watch, checkpoints } = basis;
  return {
    ...basis,
    ...(money === null || money === undefined ? {} : { cost: costOf(money) }),
    ...withDeadline(schedule),
    phases: [{ name: 'p1', steps, globalBatch: GLOBAL_BATCH, microBatch: 64, parameters: {} }],
    checkpoints: { everySeconds: checkpointSeconds, keep: checkpoints.keep },
    watch: { ...watch, pollSeconds },
  };
}

function costOf({ budgetSeconds, leaseSeconds }: Money): RunConfig['cost'] {
  const budget = (budgetSeconds * basis.cluster.nodes * PRICE) / 3_600;
  return { currency: 'USD', budget, ...(leaseSeconds === null ? {} : { leaseHours: leaseSeconds / 3_600 }) };
}

/** The same nodes again, that nobody takes away; the pace is what the config says, as after a first look at it. */
function withDeadline({ deadline, stepSeconds, bootSeconds }: Schedule): Partial<RunConfig> {
  if (deadline === null || deadline === undefined) return {};
  const { cluster, recovery } = basis;
  const { sku } = cluster;
  return {
    cluster: { ...cluster, alternatives: [{ name: DEDICATED, sku, priority: 'dedicated' }] },
    deadline: { hours: deadline / 3_600 },
    forecast: { samplesPerSecond: { p1: GLOBAL_BATCH / stepSeconds } },
    recovery: { ...recovery, dedicatedStartSeconds: bootSeconds + 400 },
  };
}

/** Long after the last fault: every limit of a job that is struck last may pass twice. */
export function giveUpAt({ faults, steps, stepSeconds }: Schedule): number {
  const lasts = (fault: Fault) => fault.at + ('seconds' in fault ? fault.seconds : 0);
  const lastFault = Math.max(0, ...faults.map(lasts));
  return (lastFault + 3 * steps * stepSeconds) * 1000 + 8 * DAY_MS;
}

function commandOf(fault: Extract<Fault, { kind: 'operator' }>, { steps }: Schedule): Command {
  const by = { id: `at-${fault.at}`, by: 'operator' };
  const middle = Math.floor(steps / 2) * GLOBAL_BATCH;
  switch (fault.act) {
    case 'set-interval':
      return { ...by, kind: fault.act, seconds: 450, steps: null };
    case 'skip-window':
      return { ...by, kind: fault.act, phase: 'p1', from: middle, to: middle + 7 * GLOBAL_BATCH };
    case 'cancel':
      return { ...by, kind: fault.act, reason: 'no longer wanted' };
    case 'pause':
    case 'resume':
    case 'recover-now':
    case 'wake-up':
      return { ...by, kind: fault.act };
  }
}
