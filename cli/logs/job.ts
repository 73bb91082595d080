import type { RunView } from '../../client.js';
import type { RunConfig } from '../../domain/config.js';
import { jobName, runSlug } from '../../domain/names.js';

/** The job whose logs are wanted, from what a person typed: a job name, `p1/a002`, `p1-a002`, `a002` of the newest phase. Null: no such form. */
export function namedJob(typed: string, run: string, phase: string): string | null {
  if (typed.startsWith(`${runSlug(run)}-`)) return typed;
  const match = /^(?:([a-z0-9][a-z0-9-]*)[/-])?a(\d{1,9})$/.exec(typed);
  return match === null ? null : jobName(run, match[1] ?? phase, Number(match[2]));
}

/** The newest job that a run speaks of; null where it has submitted none. */
export function newestJob({ status }: Pick<RunView, 'status'>): string | null {
  if (status === null) return null;
  const submitted = status.events.findLast((event) => event.kind === 'job-submitted');
  return status.jobName ?? (submitted?.kind === 'job-submitted' ? submitted.jobName : null);
}

/** The job to follow behind `last`: the one submitted after it, or the newest where the run no longer remembers that. Null: none yet. */
export function nextJob(view: Pick<RunView, 'status'>, last: string | null): string | null {
  const submitted = (view.status?.events ?? []).flatMap((event) =>
    event.kind === 'job-submitted' ? [event.jobName] : [],
  );
  const index = last === null ? -1 : submitted.lastIndexOf(last);
  if (index >= 0) return submitted[index + 1] ?? null;
  const newest = newestJob(view);
  return newest === last ? null : newest;
}

/** The phase that a bare attempt name means: the one that runs, or the last one that ran. */
export function newestPhase({ status }: Pick<RunView, 'status'>, config: RunConfig): string {
  const done = config.phases.filter(({ name }) => status?.stagesDone.includes(`phase:${name}`) === true);
  return status?.phase ?? done.at(-1)?.name ?? config.phases[0]?.name ?? '';
}
