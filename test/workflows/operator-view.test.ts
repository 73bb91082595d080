import assert from 'node:assert/strict';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { historiesOf } from './executions.js';
import { FakeAzure } from './fake/azure.js';
import { isAt } from './steering.js';
import { type RunHandle, useServer } from './suite.js';
import { eventually } from './waiting.js';

/** Real time passes here: a look every tenth of a second, and a continue-as-new behind every second. */
const quickly = { watch: { pollSeconds: 0.1, segmentHours: 0.01 / 3600, heartbeatSeconds: 10, metricsSeconds: 60 } };

describe('workflows: what the Temporal UI shows of a run', function () {
  this.timeout(30_000);
  const suite = useServer('dev');

  it('search attributes and current details follow the run through a preemption and a continue-as-new', async () => {
    const azure = new FakeAzure([
      { ending: 'preempted', saves: [120], looks: 1 },
      { ending: 'completed', saves: [360], looks: 4 },
      { ending: 'completed', saves: [120] },
    ]);
    const run = await suite.start(azure, { name: 'searched', over: quickly, searchAttributes: true });
    const seen: { attributes: object; details: string }[] = [];
    azure.onLook = async (look, { looks }) => {
      // The third look at the second job happens behind a continue-as-new, in which nothing new was said.
      if (look === 1 || looks === 3)
        seen.push({ attributes: attributesOf(await run.describe()), details: await currentDetails(run) });
    };
    await run.result();
    assert.deepEqual(
      seen.map(({ attributes }) => attributes),
      [
        { BerthaState: 'training', BerthaPhase: 'p1', BerthaJob: 'searched-p1-a001', BerthaAttempt: 1, BerthaStep: 0 },
        {
          BerthaState: 'training',
          BerthaPhase: 'p1',
          BerthaJob: 'searched-p1-a002',
          BerthaAttempt: 2,
          BerthaStep: 120,
        },
      ],
    );
    const [first = '', second = ''] = seen.map(({ details }) => details);
    assert.match(
      first,
      /^\*\*training\*\*: phase p1, attempt 1, job `searched-p1-a001`\n\n- \*\*Checkpoint\*\*: none yet, of 360 steps\n/,
    );
    assert.match(
      second,
      /- \*\*Checkpoint\*\*: step 120 of 360, saved 2026-11-23 01:00:00 UTC by a001 \(.+ before this was written\)\n/,
    );
    assert.match(
      second,
      /- \*\*Next\*\*: when the job ends: phase p2 begins if step 360 is saved and verifies, else another attempt goes on from step 120, or newer/,
    );
    assert.match(second, /- \*\*Last event\*\*: .* UTC, job searched-p1-a002 submitted, continuing behind step 120\n/);
    assert.deepEqual(attributesOf(await run.describe()), {
      ...{
        BerthaState: 'completed',
        BerthaPhase: 'p2',
        BerthaJob: 'searched-p2-a001',
        BerthaAttempt: 1,
        BerthaStep: 120,
      },
    });
  });

  it('that costs at most three events an attempt, and none while nothing is said', async () => {
    const events = (await historiesOf(suite.env.client, 'searched')).reverse().map(({ events }) => events ?? []);
    const upserts = events.map((all) => all.filter((event) => event.upsertWorkflowSearchAttributesEventAttributes));
    console.log(
      `      ${upserts.map(({ length }) => length).join(', ')} upserts in executions of ${events.map(({ length }) => length).join(', ')} events`,
    );
    const [ofStages, jobs] = [9, 3];
    assert.ok(upserts.flat().length <= ofStages + 3 * jobs);
    const quiet = events.slice(1, -1);
    assert.ok(quiet.length > 0, 'the run continued as new');
    for (const all of quiet)
      assert.equal(
        all.some((event) => event.upsertWorkflowSearchAttributesEventAttributes),
        false,
      );
  });

  it('a search finds the run by what it does', async () => {
    const azure = new FakeAzure([{ ending: 'runs-on' }]);
    const run = await suite.start(azure, { name: 'found', over: quickly, searchAttributes: true });
    const query = `BerthaState = 'training' AND BerthaJob = 'found-p1-a001' AND BerthaAttempt >= 1 AND ExecutionStatus = 'Running'`;
    await eventually('the search finds the run', async () => (await suite.env.client.workflow.count(query)).count > 0);
    await run.cancel();
    await run.result().catch(() => undefined);
    assert.equal(attributesOf(await run.describe())['BerthaState'], 'canceled');
  });

  it('a run that waits for a person is found by that, and its details say what for', async () => {
    const azure = new FakeAzure([{ ending: 'over-quota' }]);
    const run = await suite.start(azure, { name: 'held', over: quickly, searchAttributes: true });
    await isAt(run, /^waiting for a person/);
    await eventually('the details say so', async () => (await currentDetails(run)).startsWith('**holding**'));
    assert.match(await currentDetails(run), /- \*\*Next\*\*: nothing is submitted until somebody says resume\n/);
    assert.equal(attributesOf(await run.describe())['BerthaState'], 'holding');
    await run.cancel();
    await run.result().catch(() => undefined);
  });

  it('activities and timers say what they are for', async () => {
    const azure = new FakeAzure([
      { ending: 'completed', saves: [360] },
      { ending: 'completed', saves: [120] },
    ]);
    const run = await suite.start(azure, { name: 'explained', over: quickly });
    await run.result();
    const [history] = await historiesOf(suite.env.client, 'explained');
    const told = (history?.events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled, userMetadata }) =>
      scheduled ? [[scheduled.activityType?.name, userMetadata?.summary ? decode(userMetadata.summary) : null]] : [],
    );
    assert.deepEqual(
      told.filter(([, summary]) => summary === null),
      [],
    );
    const summaries = Object.fromEntries(told) as Record<string, string>;
    assert.equal(summaries['submitJob'], 'p2 attempt 1, from step 0');
    assert.match(summaries['watchJob'] ?? '', /^explained-p2-a001: a look every 0.1 s/);
  });
});

/** Answered by a worker, for the UI and for `temporal workflow metadata`. */
async function currentDetails(run: RunHandle): Promise<string> {
  const { currentDetails } = await run.query<{ currentDetails: string }, []>('__temporal_workflow_metadata');
  return currentDetails;
}

function attributesOf({ typedSearchAttributes }: WorkflowExecutionDescription): Record<string, unknown> {
  const ours = typedSearchAttributes.getAll().filter(({ key }) => key.name.startsWith('Bertha'));
  return Object.fromEntries(ours.map(({ key, value }) => [key.name, value]));
}

const decode = (payload: Parameters<typeof defaultPayloadConverter.fromPayload>[0]) =>
  defaultPayloadConverter.fromPayload<string>(payload);
