import { goodputBound } from '../../../domain/interval/optimal.js';
import { oracleFinish, oracleSeconds } from './oracle.js';
import { bertha } from './policies/ours.js';
import { withFixed } from './policies/young-daly.js';
import type { Policy, World } from './policy.js';
import { type Outcome, replay } from './replay.js';
import { type Series, meanUpSeconds } from './series.js';

/** Of what the oracle does in a series, so much is the work that has a deadline. */
const WORK_SHARE = 0.6;
/** The deadline, by the time at which the oracle is done with it. */
const DEADLINE = 1.25;
/** Low priority costs this share of dedicated nodes: usual, not certain (facts of Azure ML, 5). */
const LOW_PRIORITY_PRICE = 0.2;

/** How a policy did in one series of one world. */
export interface Score {
  readonly policy: string;
  readonly series: Series;
  readonly world: World;
  /** Useful seconds by the oracle's. */
  readonly rhoTrace: number;
  /** Goodput by the closed form's. */
  readonly rhoModel: number;
  /** Paid for the work, by what dedicated nodes would have cost; null where it was never done. */
  readonly costShare: number | null;
  readonly missedDeadline: boolean;
  readonly outcome: Outcome;
}

export function scoreOf(policy: Policy, world: World, series: Series): Score {
  const oracle = oracleSeconds(series, world);
  const work = WORK_SHARE * oracle;
  const outcome = replay(policy, world, series, work);
  const { finished, useful } = outcome;
  const ideal = oracleFinish(series, world, work);
  const bound = goodputBound(meanUpSeconds(series), world.stallSeconds, world.startSeconds);
  return {
    policy: policy.name,
    series,
    world,
    rhoTrace: useful / oracle,
    rhoModel: useful / series.length / bound,
    costShare: finished === null ? null : (LOW_PRIORITY_PRICE * finished.paid) / (work + world.startSeconds),
    missedDeadline: finished === null || ideal === null || finished.at > DEADLINE * ideal.at,
    outcome,
  };
}

/** The best single interval for a series, which only hindsight knows, under our own supervision. */
export function bestFixed(world: World, series: Series): { readonly seconds: number; readonly rhoTrace: number } {
  const oracle = oracleSeconds(series, world);
  let best = { seconds: 0, rhoTrace: -1 };
  for (const seconds of INTERVALS) {
    const { useful } = replay(withFixed(bertha, seconds), world, series, Infinity);
    if (useful / oracle > best.rhoTrace) best = { seconds, rhoTrace: useful / oracle };
  }
  return best;
}

/** 5 s to 24 h, 4 % apart. */
const INTERVALS = Array.from({ length: 250 }, (_, index) => 5 * 1.04 ** index).filter((seconds) => seconds <= 86_400);
