import assert from 'node:assert/strict';
import { type AttemptRecord, newPhase } from '../../domain/attempts.js';
import type { Fact } from '../../domain/endings/evidence.js';
import type { JobEnding } from '../../domain/endings/names.js';
import { nextStep } from '../../domain/endings/next-step.js';
import { type RunOutcome, describeEvent } from '../../domain/events.js';
import { type Decision, type PhaseFailure, decide } from '../../domain/recovery.js';
import { reportText } from '../../domain/report-text.js';
import { type RunFacts, summarize } from '../../domain/summary.js';
import { attempt, config, configWith } from '../domain/samples.js';

const FACTS: readonly Fact[] = [
  { source: 'run-history', fact: 'errorCode ThisAndThat' },
  { source: 'trainer', fact: 'its last words were these' },
];
const CAUSE = 'the very reason that was read';
const ENDINGS = Object.keys(nextStep) as JobEnding[];

/** An ending that leads to each way a phase can fail, where no budget is left. */
const FAILURES = {
  'user-errors': 'user-error',
  'unknown-endings': 'unknown',
  'infrastructure-errors': 'stuck-rank',
  spikes: 'loss-spike',
  'no-progress': 'interrupted',
  stopped: 'canceled-elsewhere',
} as const satisfies Record<PhaseFailure, JobEnding>;

const OUTCOMES = {
  completed: 'all phases reached their last step',
  failed: `2 attempts ended; the last: ${CAUSE}; look with: bertha logs demo`,
  canceled: 'canceled by ada: enough',
} as const satisfies Record<RunOutcome, string>;

describe('bugs: every end explains itself', () => {
  for (const ending of ENDINGS)
    it(`B32 ${ending}: the journal and the report say the job, how it ended and why, and what leads nowhere says what to type`, () => {
      const record = ended(ending);
      const text = reportText(summarize(facts('failed', [record])));
      const row = text.split('\n').find((line) => line.startsWith(`| ${record.jobName} |`));
      assert.ok(row?.includes(`| ${ending} |`), row);
      const said = describeEvent({ kind: 'attempt-ended', ...record, preemptedNodes: [] });
      assert.ok(said.includes(record.jobName), said);
      if (ending === 'completed') return;
      assert.ok(text.includes(`- ${record.jobName}: ${CAUSE}`), text);
      for (const { source, fact } of FACTS) assert.ok(text.includes(`from ${source}: ${fact}`), text);
      explains(decided(ending), record);
    });

  for (const [failure, ending] of Object.entries(FAILURES) as [PhaseFailure, JobEnding][])
    it(`B32 a phase that fails for ${failure} has its outcome, cause, evidence and next command`, () => {
      const decision = decided(ending);
      assert.equal(decision.action === 'fail' ? decision.outcome : decision.action, failure);
      explains(decision, ended(ending));
    });

  for (const [outcome, because] of Object.entries(OUTCOMES) as [RunOutcome, string][])
    it(`B32 the report of a run that ${outcome === 'completed' ? 'has completed' : `was or has ${outcome}`} begins with the outcome and the cause, and ends with commands to type`, () => {
      const text = reportText(summarize(facts(outcome, [ended(outcome === 'completed' ? 'completed' : 'user-error')])));
      assert.ok(text.startsWith(`# Run demo: ${outcome}\n\n${because}\n`), text.slice(0, 200));
      assert.match(text, /Where to look next:\n- bertha show demo\n- bertha logs demo\n/);
      assert.equal(describeEvent({ kind: 'run-ended', outcome, because }), `run ${outcome}: ${because}`);
    });
});

const ended = (ending: JobEnding): AttemptRecord =>
  attempt({ ending, because: CAUSE, evidence: FACTS, keptStep: null });

/** No budget is left for anything. */
function decided(ending: JobEnding): Decision {
  const recovery = { userErrors: 0, unknownEndings: 0, infrastructureErrors: 0, spikes: 0, attemptsWithoutProgress: 1 };
  return decide(configWith({ recovery }), { ...newPhase('p1'), attempts: 1 }, ended(ending), null);
}

function explains(decision: Decision, record: AttemptRecord): void {
  if (decision.action === 'advance') return;
  assert.ok(decision.reason.length > 10, decision.reason);
  if (decision.action === 'resume') return;
  assert.ok(decision.reason.includes(CAUSE), decision.reason);
  assert.deepEqual(decision.evidence, record.evidence);
  assert.match(decision.nextCommand, /^bertha (logs|resume) demo$/);
}

const facts = (outcome: RunOutcome, attempts: readonly AttemptRecord[]): RunFacts => ({
  ...{ config: config(), run: 'demo', outcome, because: OUTCOMES[outcome], startedAt: 0, endedAt: 1_000_000 },
  ...{ currency: 'USD', pricePerNodeHour: 3.6, attempts, heads: {}, evaluations: {}, incidents: [] },
  ...{ model: null, dataset: null, clusterNodesLeft: 0 },
});
