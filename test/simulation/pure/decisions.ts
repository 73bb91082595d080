import { clusterFor } from '../../../domain/deadline/cluster-for.js';
import { classifyEnding } from '../../../domain/endings/classify.js';
import { fallbackBelow } from '../../../domain/fallback.js';
import { extendLineage } from '../../../domain/lineage.js';
import { affordableSeconds } from '../../../domain/money/budget.js';
import { proveEnd } from '../../../domain/proof.js';
import { decide } from '../../../domain/recovery.js';
import { climb } from '../../../domain/resume/ladder.js';
import { removable } from '../../../domain/retention.js';
import { stopStep } from '../../../domain/stopping.js';
import { judge } from '../../../domain/watch/judge.js';
import { watchRules } from '../../../domain/watch/limits.js';
import { pastFrom } from '../../../domain/past.js';
import { unsettledAttempt } from '../../../domain/unsettled.js';

/** What a supervisor decides with: the domain's own, or, to see that a schedule breaks without it, others in place of some. */
export const decisions = {
  judge,
  clusterFor,
  watchRules,
  stopStep,
  proveEnd,
  classifyEnding,
  fallbackBelow,
  climb,
  extendLineage,
  decide,
  removable,
  pastFrom,
  unsettledAttempt,
  affordableSeconds,
};
export type Decisions = typeof decisions;
