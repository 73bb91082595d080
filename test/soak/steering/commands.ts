import type { RunView } from '../../../client.js';
import { attemptNumber } from '../../../domain/names.js';
import { attemptFolder, reportPath, trainerConfigPath } from '../../../domain/paths.js';
import type { RunReport } from '../../../domain/report.js';
import { heartbeatSeen } from '../../e2e/observe.js';
import { PATIENCE_SECONDS, type Subject, eventsOf, holds, nothingIsPaid, untilRun } from './subject.js';

/**
 * Gives a command and holds the run to what it promises. @returns what was found, in words
 * @throws Error where the promise is broken; RunError where the run refused it or had ended
 */
export type Given = (subject: Subject, before: RunView) => Promise<string>;

const BY = 'soak';

/** After `pause` nothing is paid and nothing is lost; after `resume` it goes on from that very step. Each said twice is said once. */
const pauseAndResume: Given = async (subject, before) => {
  const { client, run } = subject;
  await twice(subject, 'pause', (id) => client.pauseRun(run, { by: BY, id }));
  const paused = await untilRun(subject, isAtRest);
  if (paused.state !== 'running') return 'the run was past its last job';
  await nothingIsPaid(subject);
  const saved = paused.status?.head?.step ?? null;
  const told = endOf(paused, before.status?.jobName ?? null);
  holds((await client.getRun(run)).status?.jobName === null, 'a job was submitted while the run was paused');
  await twice(subject, 'resume', (id) => client.resumeRun(run, { by: BY, id }));
  const resumed = await untilRun(subject, (view) => view.status?.jobName !== null || stageOf(view) === 'finalize');
  const from = eventsOf(resumed, 'job-submitted').at(-1)?.resumeStep ?? null;
  const samePhase = resumed.status?.phase === paused.status?.phase;
  holds(!samePhase || resumed.state !== 'running' || from === saved, `saved at step ${saved}, went on from ${from}`);
  return `${told}; went on from step ${from ?? 0}`;
};

/** The trainer that runs, or the next one, saves at the new interval. */
const set: Given = async (subject) => {
  const { client, run, draw, store } = subject;
  const steps = 5 + Math.floor(draw() * 15);
  const answer = await client.setCheckpointInterval(run, { steps }, { by: BY });
  holds(answer === `a checkpoint every ${steps} steps`, answer);
  const training = await untilRun(subject, ({ progress }) => progress?.state === 'training');
  if (training.state !== 'running') return 'the run ended before a trainer could hear it';
  const { phase, jobName } = training.status ?? {};
  const attempt = attemptFolder(run, phase ?? '', attemptNumber(jobName?.slice(-4) ?? ''));
  const heard = await heartbeatSeen(
    store,
    attempt.replace(/^runs\//, ''),
    ({ control, state, alive }) => control?.checkpointSteps === steps || state === 'done' || alive === false,
    PATIENCE_SECONDS,
  );
  return heard.control?.checkpointSteps === steps
    ? `acknowledged: every ${steps} steps`
    : 'the job ended before it heard';
};

/** The job saves and ends, and the next attempt goes on from there at once; refused where there is no job. */
const recover: Given = async (subject, before) => {
  const { client, run } = subject;
  const { status } = before;
  await client.recoverRun(run, { by: BY });
  const next = await untilRun(
    subject,
    (view) => view.status?.jobName !== null && view.status?.jobName !== status?.jobName,
  );
  if (next.state !== 'running') return 'the run was past its last job';
  const told = endOf(next, status?.jobName ?? null);
  const submitted = eventsOf(next, 'job-submitted').at(-1);
  return `${told}; ${submitted?.jobName ?? ''} from step ${submitted?.resumeStep ?? 0}`;
};

/** The next attempt passes the samples over. */
const skip: Given = async (subject, before) => {
  const { client, run, draw, store } = subject;
  const phase = before.status?.phase ?? 'p1';
  const from = 4000 + Math.floor(draw() * 1000);
  const window = { from, to: from + 96 };
  await client.skipWindow(run, { phase, ...window }, { by: BY });
  const isOpen = (view: RunView) => view.status?.jobName !== null;
  // Where no job is open, the first one to come is the next attempt.
  const found = before.status?.jobName
    ? await recover(subject, before)
    : await untilRun(subject, isOpen).then(() => 'no job was open');
  const { jobName, phase: now } = (await client.getRun(run)).status ?? {};
  if (now !== phase || jobName === null || jobName === undefined) return `${found}; the phase was over`;
  const parameters = await store.text(trainerConfigPath(run, phase, attemptNumber(jobName.slice(-4))));
  const { skipWindows = [] } = JSON.parse(parameters ?? '{}') as { skipWindows?: { from: number }[] };
  holds(
    skipWindows.some((one) => one.from === from),
    `${jobName} does not pass over the samples from ${from} on`,
  );
  return `${found}, passing over samples ${window.from} to ${window.to}`;
};

/** Nothing of the run is left, and its report says who asked. */
const cancel: Given = async (subject) => {
  const { client, run, store } = subject;
  await twice(subject, 'cancel', (id) => client.cancelRun(run, { by: BY, reason: 'the soak is over', id }));
  const ended = await untilRun(subject, () => false);
  holds(ended.state === 'canceled', `the run ended ${ended.state}`);
  await nothingIsPaid(subject);
  const report = (await store.json(reportPath(run, 'json'))) as RunReport | null;
  holds(report?.outcome === 'canceled', `its report says ${report?.outcome ?? 'nothing'}`);
  holds(report.because.startsWith(`canceled by ${BY}: the soak is over`), report.because);
  return `nothing left, report written: ${report.because}`;
};

/** By name; the last one ends the run. */
export const commands = { pauseAndResume, set, recover, skip, cancel } satisfies Record<string, Given>;
export type CommandName = keyof typeof commands;

/** The same answer both times, and one event. */
async function twice(
  { client, run, draw }: Subject,
  command: string,
  give: (id: string) => Promise<string>,
): Promise<void> {
  const id = `${command}-${Math.floor(draw() * 1e9)}`;
  const answers = [await give(id), await give(id)];
  holds(answers[0] === answers[1], `said twice, answered "${answers.join('" and "')}"`);
  const events = eventsOf(await client.getRun(run), 'operator').filter(({ asked }) => asked?.id === id);
  holds(events.length <= 1, `${command} was carried out ${events.length} times`);
}

const stageOf = ({ status }: RunView) => status?.stage ?? '';
/** Paused, and at the place where the next job would be submitted. */
const isAtRest = (view: RunView) => stageOf(view).startsWith('phase:') && view.status?.jobName === null;

/** How the job that a command ended did end. @throws Error where training was lost by it */
function endOf(view: RunView, jobName: string | null): string {
  const ended = eventsOf(view, 'attempt-ended').find((event) => event.jobName === jobName);
  if (ended === undefined) return 'no job was open';
  const kept = ['stopped-on-request', 'completed'].includes(ended.ending);
  holds(kept, `${ended.jobName} ended ${ended.ending}: ${ended.because}`);
  const saved = view.status?.head?.step ?? 0;
  const sameAttempt = view.status?.head?.attempt === jobName?.slice(-4);
  holds(
    !sameAttempt || ended.lastStep === null || ended.lastStep <= saved,
    `trained to step ${ended.lastStep}, saved ${saved}`,
  );
  return `ended ${ended.ending} at step ${ended.lastStep ?? 0}`;
}
