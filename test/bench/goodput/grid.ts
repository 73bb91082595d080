import { EXPONENTIAL, exponentialSeries } from './exponential.js';
import { oracleSeconds } from './oracle.js';
import { azureAlone, azuremlBert } from './policies/azureml.js';
import { dstack } from './policies/dstack.js';
import { bertha, berthaRefused } from './policies/ours.js';
import { skypilot } from './policies/skypilot.js';
import { withYoungDaly } from './policies/young-daly.js';
import type { Policy, World } from './policy.js';
import { type Score, bestFixed, scoreOf } from './score.js';
import { type Series, unscored } from './series.js';
import { recordedSeries } from './traces.js';

const STALLS = [1, 5, 20, 60];
const STARTS = [60, 300];
/** What Azure's scheduled events promise at least. */
const NOTICE_SECONDS = 30;
export const PEERS = [skypilot, dstack, azureAlone, azuremlBert];

export const policies: readonly Policy[] = [
  ...[bertha, ...PEERS].flatMap((policy) => [policy, withYoungDaly(policy)]),
  berthaRefused,
];

export interface Cell {
  readonly world: World;
  readonly series: Series;
  readonly scores: readonly Score[];
  /** Null where the optimum is known. */
  readonly best: { readonly seconds: number; readonly rhoTrace: number } | null;
}

export interface Grid {
  readonly cells: readonly Cell[];
  readonly left: readonly { readonly series: Series; readonly why: string }[];
  /** False where the recordings were not found. */
  readonly hasTraces: boolean;
}

/** Every policy over every series in every world. */
export function playAll(): Grid {
  const recorded = recordedSeries();
  const all = [...(recorded ?? []), ...exponentialSeries()];
  const left = all.flatMap((series) => {
    const why = unscored(series);
    return why === null ? [] : [{ series, why }];
  });
  const scored = all.filter((series) => unscored(series) === null);
  // Where every up-time is shorter than a start, nobody can do anything.
  const cells = worlds().flatMap((world) =>
    scored.filter((series) => oracleSeconds(series, world) > 0).map((series) => cellOf(world, series)),
  );
  return { cells, left, hasTraces: recorded !== null };
}

function cellOf(world: World, series: Series): Cell {
  const scores = policies.map((policy) => scoreOf(policy, world, series));
  return { world, series, scores, best: series.source === EXPONENTIAL ? null : bestFixed(world, series) };
}

function worlds(): World[] {
  const faces = [
    { noticeSeconds: 0, azure: 'ends-the-job' },
    { noticeSeconds: 0, azure: 'in-place' },
    { noticeSeconds: NOTICE_SECONDS, azure: 'ends-the-job' },
  ] as const;
  return STALLS.flatMap((stallSeconds) =>
    STARTS.flatMap((startSeconds) => faces.map((face) => ({ stallSeconds, startSeconds, ...face }))),
  );
}
