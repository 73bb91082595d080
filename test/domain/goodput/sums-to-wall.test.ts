import assert from 'node:assert/strict';
import type { AttemptRecord } from '../../../domain/attempts.js';
import type { RunEvent, RunEventBody } from '../../../domain/events.js';
import { account } from '../../../domain/goodput/account.js';
import { bucketNames } from '../../../domain/goodput/buckets.js';
import { sumsOf, total } from '../../../domain/goodput/sums.js';
import { type TimelineFacts, timeline } from '../../../domain/goodput/timeline.js';
import { contentHash } from '../../../domain/names.js';
import { attempt } from '../samples.js';
import { saved, start } from './facts.js';

const SEEDS = 400;

describe('domain: goodput, the sum of all buckets', () => {
  it('is the wall time to the millisecond, however wrong the clocks and however odd the events', () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const facts = oddRun(seed);
      const segments = timeline(facts);
      let end = facts.from;
      for (const { from, until, bucket } of segments) {
        assert.equal(from, end, `seed ${seed}: a gap or an overlap at ${end}`);
        assert.ok(until > from && bucketNames.includes(bucket), `seed ${seed}: ${bucket} ${from} to ${until}`);
        end = until;
      }
      assert.equal(end, facts.until, `seed ${seed}`);
      const sums = sumsOf(segments, () => 3.6);
      assert.equal(total(sums).ms, facts.until - facts.from, `seed ${seed}`);
      assert.ok(
        Object.values(sums).every(({ ms, nodeMs, price }) => ms > 0 && nodeMs >= 0 && (price ?? 0) >= 0),
        `seed ${seed}`,
      );
    }
  });

  it('is what a report says of it, and no interruption counts a second twice', () => {
    for (let seed = 0; seed < SEEDS; seed += 10) {
      const facts = oddRun(seed);
      const segments = timeline(facts);
      const told = account(segments, facts.attempts, { run: 3.6, dedicated: 9 });
      const seconds = told.buckets.reduce((sum, one) => sum + one.seconds, 0);
      assert.equal(Math.round(seconds * 1000), facts.until - facts.from, `seed ${seed}`);
      const lost = told.interruptions.reduce((sum, one) => sum + one.seconds, 0);
      const notUseful = told.buckets
        .filter(({ bucket }) => bucket !== 'useful')
        .reduce((sum, one) => sum + one.seconds, 0);
      assert.ok(lost <= notUseful + 1e-6, `seed ${seed}: ${lost} of ${notUseful}`);
    }
  });
});

/** Attempts and events at random times, clocks up to a minute wrong. The same for the same seed. */
function oddRun(seed: number): TimelineFacts {
  let draw = 0;
  const upTo = (most: number) => Number.parseInt(contentHash(`${seed}/${draw++}`).slice(0, 8), 16) % most;
  const skewed = (time: number) => time + upTo(120_000) - 60_000;
  const attempts: AttemptRecord[] = [];
  let now = 1000;
  for (let number = 1; number <= 4; number++) {
    const submittedAt = (now += upTo(90_000));
    const begins = Array.from({ length: upTo(4) }, () => (now += upTo(90_000)));
    const starts = begins.map((from, index) =>
      start(0, upTo(200) + 1, {
        ...{ incarnation: `i${index}`, startedAt: upTo(3) === 0 ? null : skewed(from) },
        ...{ trainingFrom: upTo(5) === 0 ? null : skewed(from + 20_000), trainedUntil: skewed(from + 60_000) },
        ...{ firstStep: 1 + upTo(50), lastStep: 50 + upTo(50), stallSeconds: upTo(100), lastStallSeconds: upTo(100) },
        restoreSeconds: upTo(100),
      }),
    );
    const endedAt = Math.max(submittedAt, skewed(now + 30_000));
    const head = upTo(3) === 0 ? null : saved(1 + upTo(number), upTo(100), `i${upTo(3)}`);
    const times = {
      submittedAt,
      endedAt,
      nodesFrom: upTo(4) === 0 ? null : skewed(submittedAt),
      seenEndAt: skewed(endedAt),
    };
    attempts.push(
      attempt({ attempt: number, jobName: `demo-p1-a00${number}`, ...times, head, resumedFrom: head, starts }),
    );
  }
  const events = Array.from({ length: 12 }, (_, sequence): RunEvent => {
    const body = BODIES[upTo(BODIES.length)] as RunEventBody;
    return { ...body, sequence, at: upTo(now) };
  });
  return { from: 1000, until: now + upTo(60_000), events, attempts, heads: {} };
}

const job = { jobName: 'demo-p1-a002', phase: 'p1' };
const BODIES: readonly RunEventBody[] = [
  { kind: 'run-started', continued: true },
  { kind: 'stage-started', stage: 'data' },
  { kind: 'stage-started', stage: 'phase:p1' },
  { kind: 'job-submitted', ...job, resumeStep: null, adopted: false },
  { kind: 'limit-passed', ...job, limit: 'stalled', seconds: 60, limitSeconds: 60 },
  { kind: 'waiting', phase: 'p1', seconds: 100, reason: '' },
  { kind: 'held', phase: 'p1', reason: '', nextCommand: '' },
  { kind: 'operator', command: 'pause', by: null, effect: '' },
  { kind: 'operator', command: 'resume', by: null, effect: '' },
  { kind: 'operator', command: 'cancel', by: null, effect: '' },
  { kind: 'watch-alert', ...job, alert: { kind: 'unwatched', seconds: 200 } },
  { kind: 'watch-alert', ...job, alert: { kind: 'sight-again', to: 'azure', seconds: 200 } },
  { kind: 'run-ended', outcome: 'failed', because: '' },
];
