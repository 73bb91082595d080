import { FakeAzure, type Script } from '../workflows/fake/azure.js';
import { journaled } from '../workflows/steering.js';

/** The last jobs of every story here: both phases of the sample config come to their end. */
export const PHASE_1 = { ending: 'completed', saves: [360] } as const satisfies Script;
export const PHASE_2 = { ending: 'completed', saves: [120] } as const satisfies Script;
export const DONE: readonly Script[] = [PHASE_1, PHASE_2];

/** No mistake of any kind is forgiven: what costs a budget fails the run. */
export const NO_BUDGET = { userErrors: 0, unknownEndings: 0, infrastructureErrors: 0, attemptsWithoutProgress: 1 };

/** Jobs of phase 1 that come before those that complete. */
export const after = (...scripts: readonly Script[]): FakeAzure => new FakeAzure([...scripts, ...DONE]);

/** How the attempts of a phase ended, in their order. */
export const endings = (azure: FakeAzure, phase = 0): readonly string[] =>
  azure.report?.phases[phase]?.attempts.map(({ ending }) => ending) ?? [];

/** Steps that the jobs of phase 1 were continued from. */
export const resumedFrom = (azure: FakeAzure): readonly number[] =>
  azure.report?.phases[0]?.attempts.map(({ resumedFromStep }) => resumedFromStep) ?? [];

export const alerts = (azure: FakeAzure): readonly string[] => journaled(azure, 'alert').map(({ text }) => text);
