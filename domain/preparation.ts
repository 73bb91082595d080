/** The stages of a preparation, in order; each needs all of the one before. The same as `stages` of corpus/stages/tasks.ts, which a workflow may not import: test/house/stages.test.ts holds them to it. */
export const STAGES = [
  'text',
  'duplicates',
  'distinct',
  'vocabulary',
  'tokens',
  'pool',
  'pairs',
  'layout',
  'shards',
  'finish',
] as const;
export type StageOfPreparation = (typeof STAGES)[number];

/** How far a preparation is; times are epoch milliseconds. */
export interface PreparationProgress {
  readonly stage: StageOfPreparation;
  /** Those that this preparation has; workers of older releases do not say. */
  readonly stages?: readonly StageOfPreparation[];
  /** Tasks of the stage. */
  readonly done: number;
  readonly of: number;
  /** Bytes of the input. */
  readonly bytes: number;
  readonly startedAt: number;
  readonly stageStartedAt: number;
}

/** What decides how many tasks there are. */
export interface Extent {
  readonly pieces: number;
  readonly sets: number;
  /** From which likeness on pages are left out as near duplicates; absent where all stay. */
  readonly nearDuplicates?: number | undefined;
}

/** The stages that have something to do. */
export function stagesOf(extent: Extent): readonly StageOfPreparation[] {
  return STAGES.filter((stage) => tasksIn(stage, extent, 1) > 0);
}

/** How many tasks a stage has. @param groups groups of shards, known behind `layout`; before it 0 */
export function tasksIn(stage: StageOfPreparation, { pieces, sets, nearDuplicates }: Extent, groups: number): number {
  if (stage === 'duplicates') return nearDuplicates === undefined ? 0 : 1;
  if (stage === 'distinct') return nearDuplicates === undefined ? 0 : pieces;
  if (stage === 'text' || stage === 'tokens') return pieces;
  if (stage === 'pairs') return pieces * sets;
  return stage === 'shards' ? groups : 1;
}

/** Id of the workflow that prepares for another one. */
export const preparationId = (workflowId: string) => `${workflowId}/data`;

/** Seconds until the end of the stage at the pace that it had so far; null while nothing of it is done. */
export function secondsLeftInStage({ done, of, stageStartedAt }: PreparationProgress, now: number): number | null {
  return done === 0 ? null : ((now - stageStartedAt) / 1000 / done) * (of - done);
}
