import type { AttemptRecord, PhaseState } from '../../../../domain/attempts.js';
import { newPhase } from '../../../../domain/attempts.js';
import { chooseInterval, worthTelling } from '../../../../domain/interval/choose.js';
import { type Exposure, remembered } from '../../../../domain/interval/interruptions.js';
import { priorFor } from '../../../../domain/interval/prior.js';
import { decide } from '../../../../domain/recovery.js';
import { nextPollSeconds } from '../../../../domain/watch/cadence.js';
import { newWatch } from '../../../../domain/watch/memory.js';
import { attempt, checkpoint, config } from '../../../domain/samples.js';
import type { Comeback, Loss, Policy, Supervisor, World } from '../policy.js';
import { ANSWER_SECONDS, STEP_SECONDS, nextLook } from './work.js';

const CONFIG = config();
const BOUNDS = { shortestSeconds: 5, longestSeconds: 6 * 3600 };
/** While the nodes' age grows by less than this nothing new is seen, and the answer stays: it need not be asked for. */
const SAME_AGE = 1.03;
/** Every stall is the same here. */
const STALLS = 20;

/** What the product does: its own code decides interval, looks, and what follows an ending. */
export const bertha: Policy = {
  name: 'bertha',
  link: 'domain/interval, domain/recovery.ts, domain/watch/cadence.ts',
  start: (world, series) => supervisor(world, series.nodes),
};

/**
 * The same where Azure ends a job for which there is no capacity instead of letting it wait (ending `no-capacity`): then the pauses of the
 * recovery policy decide when nodes are asked for again.
 */
export const berthaRefused: Policy = {
  ...bertha,
  name: 'bertha, refused without capacity',
  start: (world, series) => {
    const usual = supervisor(world, series.nodes);
    return {
      ...usual,
      afterInterruption: (loss) => {
        const next = usual.afterInterruption(loss);
        return next === null ? null : { ...next, pauseSeconds: pauseAfterRefusals };
      },
    };
  },
};

function pauseAfterRefusals(refusals: number): number {
  const before = { ...newPhase('p1'), capacityWaits: refusals - 1 };
  const decision = decide(CONFIG, before, attempt({ ending: 'no-capacity' }), null);
  if (decision.action !== 'resume') throw new Error(`a want of capacity led to ${decision.action}, not to a pause`);
  return decision.waitSeconds + ANSWER_SECONDS;
}

function supervisor(world: World, nodes: number): Supervisor {
  let exposures: readonly Exposure[] = [];
  const stalls: number[] = [];
  const prior = priorFor(nodes);
  const recovery = recoveryOf();
  let told: number | null = null;
  let askedAt = 0;
  return {
    adapts: true,
    heedsNotice: true,
    resumes: true,
    interval: (upSeconds) => {
      if (told !== null && upSeconds < SAME_AGE * askedAt && stalls.length > 0) return told;
      askedAt = upSeconds;
      const isSaved = upSeconds > world.startSeconds;
      if (isSaved && stalls.length < STALLS) stalls.push(world.stallSeconds);
      const { seconds } = chooseInterval({ exposures, upSeconds, stalls, prior }, BOUNDS);
      if (told === null || worthTelling(told, seconds)) told = seconds;
      return told;
    },
    afterInterruption: (loss) => {
      const saved = loss.announced && world.noticeSeconds >= world.stallSeconds;
      exposures = remembered(exposures, { seconds: loss.at - loss.readyAt, interrupted: !saved });
      told = null;
      return comeback(world, loss, recovery(loss));
    },
  };
}

/** The run's own decision after each loss: seconds to wait before the next submission. */
function recoveryOf(): (loss: Loss) => number {
  let phase: PhaseState = newPhase('p1');
  let kept = 0;
  return ({ keptSeconds }) => {
    kept += keptSeconds;
    const step = Math.floor(kept / STEP_SECONDS);
    const head = step === 0 ? null : checkpoint(step);
    const record: AttemptRecord = attempt({ ending: 'preempted' });
    const decision = decide(CONFIG, phase, record, head);
    if (decision.action !== 'resume') throw new Error(`a preemption led to ${decision.action}, not to a resume`);
    phase = decision.phase;
    return decision.waitSeconds;
  };
}

/** A preempted job that Azure begins again in place needs nobody; one that it ended is seen at the next look. */
function comeback(world: World, { readyAt, at, announced }: Loss, waitSeconds: number): Comeback {
  if (world.azure === 'in-place') return { at, pauseSeconds: null };
  const memory = { ...newWatch(), status: 'Running', awaiting: null };
  const seenAt = announced
    ? nextLook(at - world.noticeSeconds, at, nextPollSeconds({ ...memory, warned: true }, CONFIG.watch.pollSeconds))
    : nextLook(readyAt, at, nextPollSeconds(memory, CONFIG.watch.pollSeconds));
  return { at: seenAt + ANSWER_SECONDS + waitSeconds, pauseSeconds: null };
}
