import { type Decisions, decisions } from './pure/decisions.js';
import type { Invariant } from './invariants/names.js';
import type { Fault } from './schedule.js';

const { judge, watchRules, clusterFor, proveEnd, classifyEnding, climb, decide, pastFrom } = decisions;

/** A protection that is taken away. */
export interface Removed {
  readonly protection: string;
  readonly without: Partial<Decisions>;
  /** The invariant that finds out. */
  readonly breaks: Invariant;
  /** The faults that it takes; absent: those of the first seeds hold them. */
  readonly faults?: readonly Fault[];
}

type Limits = ReturnType<typeof watchRules>['limits'];
const withLimits = (limits: Partial<Limits>): Partial<Decisions> => ({
  watchRules: (...asked) => {
    const rules = watchRules(...asked);
    return { ...rules, limits: { ...rules.limits, ...limits } };
  },
});

const ofJobs: readonly Removed[] = [
  {
    protection: 'the proof that a job has ended',
    without: {
      proveEnd: (memory) => ({ memory, verdict: { kind: 'proven', status: 'Canceled', because: 'it was asked to' } }),
    },
    breaks: 'at most one job that holds nodes',
  },
  {
    protection: 'UNKNOWN: no answer is taken for an end',
    without: {
      judge: (...asked) => {
        const judged = judge(...asked);
        const isUnknown = judged.verdict.kind === 'UNKNOWN';
        return isUnknown ? { ...judged, verdict: { kind: 'ENDED', status: 'Failed' } } : judged;
      },
    },
    breaks: 'at most one job that holds nodes',
    faults: [{ at: 1500, kind: 'azure-down', seconds: 120, how: 'error' }],
  },
  {
    protection: 'the second look, and the proof, behind a 404',
    without: {
      judge: (memory, sighting, rules) => {
        const isAbsent = sighting.job.answered && sighting.job.status === 'NotFound';
        const judged = judge(memory, sighting, rules);
        return isAbsent ? { ...judged, verdict: { kind: 'ENDED', status: 'NotFound' } } : judged;
      },
      proveEnd: (memory, sighting, rules) => {
        const isAbsent = sighting.job.answered && sighting.job.status === 'NotFound';
        const because = 'Azure does not know it';
        return isAbsent
          ? { memory, verdict: { kind: 'proven', status: 'NotFound', because } }
          : proveEnd(memory, sighting, rules);
      },
    },
    breaks: 'at most one job that holds nodes',
    faults: [{ at: 1500, kind: 'job-unknown', seconds: 120 }],
  },
  {
    protection: 'the adoption of the job that a lost workflow left',
    without: { unsettledAttempt: () => null },
    breaks: 'at most one job that holds nodes',
    faults: [
      { at: 1500, kind: 'job-unknown', seconds: 30 },
      { at: 1510, kind: 'temporal-lost' },
    ],
  },
];

const ofEndings: readonly Removed[] = [
  {
    protection: 'the memory of why a lost workflow was ending its job',
    without: {
      pastFrom: (...asked) => {
        const past = pastFrom(...asked);
        return { ...past, submitted: past.submitted.map((one) => ({ ...one, stopping: null })) };
      },
    },
    breaks: 'every ending is explained',
    faults: [
      { at: 1500, kind: 'operator', act: 'cancel' },
      { at: 1508, kind: 'temporal-lost' },
    ],
  },
  {
    protection: 'the names of endings',
    without: { classifyEnding: (evidence) => ({ ...classifyEnding(evidence), ending: 'unknown' }) },
    breaks: 'every ending is explained',
  },
  {
    protection: 'the difference of preemptions and mistakes',
    without: {
      decide: (config, before, attempt, head) => {
        const isPreempted = attempt.ending === 'preempted';
        return decide(config, before, isPreempted ? { ...attempt, ending: 'user-error' } : attempt, head);
      },
    },
    breaks: 'only mistakes cost the error budget',
  },
  {
    protection: 'the budgets: the first riddle ends the phase',
    without: {
      decide: (config, before, attempt, head) => {
        const recovery = { ...config.recovery, unknownEndings: 0 };
        return decide({ ...config, recovery }, before, attempt, head);
      },
    },
    breaks: 'a phase fails only by a budget that is spent',
  },
];

const ofCheckpoints: readonly Removed[] = [
  {
    protection: 'the lineage: whatever is newest is continued',
    without: { climb: (question) => climb({ ...question, lineage: [] }) },
    breaks: 'nothing damaged, undone or written late is continued',
    faults: [
      { at: 1500, kind: 'preempt', face: 'failed' },
      { at: 1700, kind: 'ghost' },
      { at: 1900, kind: 'preempt', face: 'failed' },
    ],
  },
  {
    protection: 'the look at what was touched since it was hashed, and quarantine with it',
    without: {
      climb: (question) => {
        const records = new Map(question.records.map((record) => [record.path, record]));
        const asHashed = question.checkpoints.map((one) => ({
          ...one,
          files: records.get(one.path)?.files ?? one.files,
        }));
        return climb({ ...question, checkpoints: asHashed });
      },
    },
    breaks: 'nothing damaged, undone or written late is continued',
  },
  {
    protection: 'the newest rung of the ladder',
    without: { climb: (question) => climb({ ...question, checkpoints: question.checkpoints.slice(0, -1) }) },
    breaks: 'no step lost past the last valid checkpoint',
  },
  {
    protection: 'the way back behind a spike',
    without: { fallbackBelow: () => null },
    breaks: 'nothing spoilt is continued',
  },
  {
    protection: 'what retention keeps beside the newest',
    without: {
      removable: (held) => {
        const newest = Math.max(...held.map(({ step }) => step));
        return held.filter(({ step }) => step < newest).map(({ path }) => ({ path, reason: 'newer ones are there' }));
      },
    },
    breaks: 'the last two good checkpoints are kept',
  },
];

const ofTheWatch: readonly Removed[] = [
  {
    protection: 'the patience with a trainer that starts',
    without: withLimits({ startSeconds: 300 }),
    breaks: 'no healthy job is ended',
  },
  {
    protection: 'the age of the newest checkpoint',
    without: withLimits({ checkpointIntervals: 1e6 }),
    breaks: 'no more time is lost than the limits allow',
    faults: [{ at: 1500, kind: 'mishap', mishap: 'no-saves' }],
  },
  {
    protection: 'every limit of a watch',
    without: {
      judge: (...asked) => {
        const judged = judge(...asked);
        return judged.verdict.kind === 'ALIVE' ? { ...judged, verdict: { kind: 'ALIVE', due: null } } : judged;
      },
    },
    breaks: 'progress whenever capacity allows',
    faults: [{ at: 1500, kind: 'preempt', face: 'hang' }],
  },
];

const ofMoney: readonly Removed[] = [
  {
    protection: 'the limit that the budget sets to a job, its trainer and its timeout',
    without: { affordableSeconds: () => null },
    breaks: 'budget kept',
  },
  {
    protection: 'the same, with nobody left who watches',
    without: { affordableSeconds: () => null },
    breaks: 'nothing spends beyond the bound once its supervisor is dead',
  },
];

/** Protections without which some schedule breaks an invariant. */

const withoutDeadline: Partial<Decisions> = {
  clusterFor: (config, facts) => clusterFor(config, { ...facts, deadline: null }),
  watchRules: (...asked) => ({ ...watchRules(...asked), deadline: null }),
};

const ofTheDeadline: readonly Removed[] = [
  { protection: 'the move to dedicated nodes', without: withoutDeadline, breaks: 'deadline policy kept' },
  {
    protection: 'the wait until the deadline asks for it',
    without: {
      clusterFor: (config, facts) =>
        clusterFor(config, {
          ...facts,
          deadline: facts.deadline && { ...facts.deadline, overheadSeconds: 10 * facts.deadline.overheadSeconds },
        }),
    },
    breaks: 'deadline policy kept',
  },
];

export const removed: readonly Removed[] = [
  ...ofJobs,
  ...ofEndings,
  ...ofCheckpoints,
  ...ofTheWatch,
  ...ofMoney,
  ...ofTheDeadline,
];
