import { newPhase } from '../../../domain/attempts.js';
import { clusterNamed } from '../../../domain/clusters.js';
import type { RunConfig } from '../../../domain/config.js';
import { deadlineAt } from '../../../domain/deadline/at.js';
import { clusterFor } from '../../../domain/deadline/cluster-for.js';
import { deadlineRules } from '../../../domain/deadline/rules.js';
import { type DeadlineRules, isDue, standingOf } from '../../../domain/deadline/standing.js';
import { reserveSeconds } from '../../../domain/money/budget.js';
import { seeded } from '../../house/random.js';
import { checkpoint, configWith, written } from '../samples.js';

export const STEP_SECONDS = 20;
const STEPS = 2_000;
/** What the run would take on dedicated nodes, were nothing ever lost. */
export const TRAINING_SECONDS = STEPS * STEP_SECONDS;

/** One phase on preemptible nodes, with the same nodes dedicated beside it. */
export const withDeadline = (hours: number): RunConfig =>
  configWith({
    cluster: {
      ...{ ...written().cluster, priority: 'low_priority', idleSecondsBeforeScaleDown: 120 },
      alternatives: [{ name: 'safe', sku: 'Standard_NC4as_T4_v3', priority: 'dedicated' }],
    },
    phases: [{ name: 'p1', steps: STEPS, globalBatch: 128, microBatch: 64, parameters: {} }],
    checkpoints: { everySeconds: 600 },
    deadline: { hours },
  });

export interface Driven {
  readonly finishedAt: number;
  readonly deadline: number;
  /** Seconds at which it moved to dedicated nodes; null where it never did. */
  readonly movedAt: number | null;
  /** Time that could still have been lost then, by what was known at the look before. */
  readonly slackBefore: number | null;
}

/** How preemptible nodes behave: seconds that a job waits for them, and that it keeps them. */
export type Nodes = (draw: () => number) => { readonly wait: number; readonly up: number };

/**
 * Drives the decisions through preemptions: what they cannot know (waits, starts, what a stop takes) is drawn, up to the limits that they assume.
 * Dedicated nodes come when they are asked for and are a twentieth slower than measured.
 */
export function drive(config: RunConfig, seed: number, nodes: Nodes): Driven {
  const draw = seeded(seed * 7919 + 1);
  const [phase] = config.phases;
  if (phase === undefined) throw new Error('no phase');
  const poll = config.watch.pollSeconds;
  const deadline = (deadlineAt(config, 0) ?? 0) / 1000;
  const spot = clusterNamed(config, undefined);
  let [now, saved] = [0, 0];
  let before: string | null = null;
  let slackBefore: number | null = null;
  const rules = (): DeadlineRules | null => {
    const paces = { spot: { steps: 100, seconds: 100 * STEP_SECONDS } };
    const p1 = { ...newPhase('p1'), head: saved === 0 ? null : checkpoint(saved), paces };
    return deadlineRules(config, phase, spot, {
      ...{ at: deadlineAt(config, 0), startedAt: 0, phases: { p1 } },
    });
  };
  for (;;) {
    const asked = rules();
    const { cluster } = clusterFor(config, { now: now * 1000, deadline: asked, before, capacityWaits: 0 });
    before = cluster.name;
    if (cluster.priority === 'dedicated') {
      const start = draw() * config.recovery.dedicatedStartSeconds;
      const finishedAt = now + start + (STEPS - saved) * STEP_SECONDS * 1.05;
      return { finishedAt, deadline, movedAt: now, slackBefore };
    }
    const { wait, up } = nodes(draw);
    const begin = now + wait + draw() * 300;
    const end = now + wait + up;
    let moved = false;
    for (let look = now; look < end && !moved; look += poll) {
      const step = Math.min(STEPS, saved + Math.max(0, Math.floor((look - begin) / STEP_SECONDS)));
      if (step === STEPS) return { finishedAt: look, deadline, movedAt: null, slackBefore };
      const kept = saved + keptSteps(look - begin);
      const standing = asked === null ? null : standingOf(asked, kept, null, look * 1000);
      moved = standing !== null && isDue(standing);
      if (moved) [now, saved] = [look + draw() * (reserveSeconds(config) - poll), step];
      else slackBefore = standing === null ? null : standing.left - standing.needed;
    }
    if (moved) continue;
    // Preempted: what no checkpoint holds is lost.
    saved += keptSteps(end - begin);
    if (saved >= STEPS) return { finishedAt: end, deadline, movedAt: null, slackBefore };
    now = end + draw() * poll;
  }
}

/** A checkpoint every ten minutes. */
const keptSteps = (trainedSeconds: number) =>
  Math.floor((600 * Math.floor(Math.max(0, trainedSeconds) / 600)) / STEP_SECONDS);
