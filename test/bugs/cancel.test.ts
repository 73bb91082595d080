import assert from 'node:assert/strict';
import type { RunOutcome } from '../../domain/events.js';
import { cancelUpdate } from '../../workflows/messages.js';
import { config } from '../domain/samples.js';
import { FakeAzure, type Script } from '../workflows/fake/azure.js';
import { journaled, swiftly } from '../workflows/steering.js';
import { type RunHandle, useServer } from '../workflows/suite.js';

/** A job that is taken away, and the one that replaces it, on a cluster that the run makes. */
const STORY: readonly Script[] = [
  { ending: 'preempted', saves: [120] },
  { ending: 'completed', saves: [360] },
];
const over = { ...swiftly, phases: config().phases.slice(0, 1) };
const workspace = () => Object.assign(new FakeAzure(STORY), { clusterOurs: true });

/** So many runs at once keep the server and two cores busy. */
const AT_ONCE = 16;

/** A moment in a run's life, and who cancels it then: Temporal's own cancel, or the update. */
interface Moment {
  readonly call: number;
  readonly on: 'onBegin' | 'onAnswer';
  readonly cancel: (run: RunHandle) => Promise<unknown>;
}

describe('bugs: a cancel at any moment', function () {
  this.timeout(60_000);
  const suite = useServer('dev');
  let calls: readonly string[] = [];
  let takenOver: Promise<number>;

  before('a look is left without its worker, which takes its time to be noticed', () => {
    takenOver = secondsWithoutWorker();
  });

  before('an undisturbed run makes its calls', async () => {
    const azure = workspace();
    await (await suite.start(azure, { over })).result();
    ({ calls } = azure);
    assert.ok(calls.length > 30, `${calls.length} calls`);
  });

  it('B4 a run that is canceled when any one of its activity calls begins leaves no job and no node, and has one outcome', async () => {
    const cancel = (run: RunHandle) => run.cancel();
    await eachCanceled(calls.map((_, index) => ({ call: index + 1, on: 'onBegin', cancel })));
  });

  it('B5 nor does one whose cancel crosses the answer to a call that makes or writes something, a submission among them', async () => {
    const cancel = (run: RunHandle) => run.executeUpdate(cancelUpdate, { args: [{ by: 'ada' }] });
    const moments = calls.map((activity, index) => ({ activity, call: index + 1, on: 'onAnswer', cancel }) as const);
    await eachCanceled(moments.filter(({ activity }) => MAKES.test(activity)));
  });

  it('B28 a look whose worker was killed is taken over by another within the heartbeat timeout', async () => {
    const seconds = await takenOver;
    console.log(`      ${seconds.toFixed(1)} s`);
    assert.ok(seconds < 15 + 5, `${seconds} s from the last sign of the killed look to the next one`);
  });

  async function secondsWithoutWorker(): Promise<number> {
    const azure = workspace();
    const seen: number[] = [];
    let release: () => void = () => undefined;
    azure.onLook = (look) => {
      seen.push(performance.now());
      // Nothing is heard of this one any more, as of a process that is gone.
      return look === 2 ? new Promise<void>((resolve) => (release = resolve)) : undefined;
    };
    await (await suite.start(azure, { over })).result();
    release();
    assert.deepEqual([azure.jobs.size, azure.mostAlive], [2, 1]);
    return ((seen[2] ?? Infinity) - (seen[1] ?? 0)) / 1000;
  }

  async function eachCanceled(moments: readonly Moment[]): Promise<void> {
    const outcomes: RunOutcome[] = [];
    const queue = [...moments];
    const worker = async () => {
      for (let moment = queue.shift(); moment !== undefined; moment = queue.shift())
        outcomes.push(await canceledAt(moment));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const canceled = outcomes.filter((outcome) => outcome === 'canceled').length;
    console.log(`      ${moments.length} moments: ${canceled} canceled, ${outcomes.length - canceled} completed`);
    assert.ok(canceled > moments.length / 2, `${canceled} of ${moments.length} runs ended canceled`);
  }

  async function canceledAt({ call, on, cancel }: Moment): Promise<RunOutcome> {
    const azure = workspace();
    const run = await suite.start(azure, { over });
    azure[on] = async (number) => {
      if (number === call) await cancel(run).catch(() => undefined);
    };
    await run.result().catch(() => undefined);
    const { status } = await run.describe();
    return leftNothing(azure, status.name === 'CANCELLED' ? 'canceled' : status.name.toLowerCase(), `${on} ${call}`);
  }
});

const MAKES = /^(claimRun|copyData|ensure|submitJob|record|registerModel|writeReport)/;

/** @param status how Temporal says that the run ended; journal and report must say the same, once */
function leftNothing(azure: FakeAzure, status: string, when: string): RunOutcome {
  const where = `canceled at ${when} of: ${azure.calls.join(', ')}`;
  const ended = journaled(azure, 'run-ended').map(({ outcome }) => outcome);
  const report = azure.report ?? assert.fail(`no report, ${where}`);
  assert.deepEqual([azure.alive(), ended, report.outcome], [[], [status], status], where);
  const words = [report.because, ...journaled(azure, 'stage-done').map(({ summary }) => summary)].join('; ');
  if (azure.jobs.size > 0) assert.match(words, /cluster spot holds no node/, where);
  return report.outcome;
}
