import type { RunView } from '../../../client.js';
import { SMALL } from '../../e2e/small-config.js';

/** How far a small run is, from 0 to 1: a tenth for what comes before training, the rest by training steps. */
export function positionOf(view: RunView): number {
  if (view.state !== 'running') return 1;
  const stages = ['preflight', 'data', 'infrastructure'];
  const before = stages.filter((stage) => view.status?.stagesDone.some((done) => done === stage)).length;
  if (before < stages.length) return (0.1 * before) / stages.length;
  const { p1, p2 } = SMALL.phases;
  const done = view.status?.stagesDone.some((stage) => stage === 'phase:p1') === true ? p1 : 0;
  const steps = view.progress?.jobName === view.status?.jobName ? (view.progress?.step ?? 0) : 0;
  return 0.1 + (0.9 * (done + steps)) / (p1 + p2);
}
