import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { installation } from '../../installation.js';
import { FakeAzure } from '../workflows/fake/index.js';
import { program } from '../workflows/server.js';
import { type RunHandle, Suite } from '../workflows/suite.js';

/** Records the histories beside this file anew, from runs on a real dev server with a workspace in memory. See README.md. */
async function record(): Promise<void> {
  const suite = new Suite('dev');
  await suite.open();
  try {
    save(suite, 'preempted', await preempted(suite));
    const watched = await watchedInSegments(suite);
    for (const [index, runId] of (await executions(suite, watched)).entries())
      save(suite, `watched-${index + 1}`, watched, runId);
    save(suite, 'canceled', await canceled(suite));
  } finally {
    await suite.close();
  }
}

const quickly = { watch: { pollSeconds: 0.5, segmentHours: 6, heartbeatSeconds: 10, metricsSeconds: 60 } };
const done = [{ ending: 'completed', saves: [360] } as const, { ending: 'completed', saves: [120] } as const];

async function preempted(suite: Suite): Promise<RunHandle> {
  const azure = new FakeAzure([{ ending: 'preempted', saves: [80, 120], looks: 2 }, ...done]);
  const run = await suite.start(azure, { name: 'preempted', over: quickly });
  await run.result();
  return run;
}

/** Two segments, and the preemption in the second. */
async function watchedInSegments(suite: Suite): Promise<RunHandle> {
  const azure = new FakeAzure([{ ending: 'preempted', saves: [120], looks: 3 }, ...done]);
  const run = await suite.start(azure, {
    name: 'watched',
    over: { watch: { ...quickly.watch, segmentHours: 0.8 / 3600 } },
  });
  await run.result();
  return run;
}

async function canceled(suite: Suite): Promise<RunHandle> {
  const azure = new FakeAzure([{ ending: 'runs-on' }]);
  const run = await suite.start(azure, { name: 'canceled', over: quickly });
  azure.onLook = async (look) => {
    if (look === 2) await run.cancel();
  };
  await run.result().catch(() => undefined);
  return run;
}

/** Run ids of the executions of a run, the first one first. */
async function executions(suite: Suite, run: RunHandle): Promise<string[]> {
  const ids: string[] = [];
  for (
    let next: string | null | undefined = run.firstExecutionRunId;
    next !== undefined && next !== null && next !== '';
  ) {
    ids.push(next);
    const { events } = await suite.env.client.workflow.getHandle(run.workflowId, next).fetchHistory();
    next = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return ids;
}

function save(suite: Suite, name: string, run: RunHandle, runId?: string): void {
  const which = ['--workflow-id', run.workflowId, ...(runId === undefined ? [] : ['--run-id', runId])];
  const args = [
    'workflow',
    'show',
    '--address',
    suite.env.address,
    '--namespace',
    'default',
    '--output',
    'json',
    ...which,
  ];
  const history: unknown = JSON.parse(
    execFileSync(program('dev'), args, { encoding: 'utf8', maxBuffer: 2 ** 28 }),
    withoutThisMachine,
  );
  writeFileSync(resolve(installation, 'test', 'histories', `${name}.json`), `${JSON.stringify(history, null, 2)}\n`);
}

/** Process, host and folders of the machine that recorded are nobody's business, and replay does not read them. */
function withoutThisMachine(key: string, value: unknown): unknown {
  if (key === 'identity') return 'recorder';
  if (key === 'stackTrace') return '';
  // A worker's own task queue is named after its process and host.
  return key === 'name' && typeof value === 'string' ? value.replace(/^\d+@.*-(?=[0-9a-f]{32}$)/, 'recorder-') : value;
}

await record();
