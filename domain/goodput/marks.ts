import type { AttemptRecord } from '../attempts.js';
import type { RunEvent } from '../events.js';
import type { LimitName } from '../watch/limits.js';
import type { AttemptMarks } from './attempt-time.js';

/** Limits behind which steps stood still; the others pass before the first step, or behind the last one. */
const STANDSTILLS: ReadonlySet<LimitName> = new Set(['silent', 'stalled', 'notResponding', 'checkpoint']);

/** What ends an attempt by an operator's word. */
const ENDS: ReadonlySet<string> = new Set(['pause', 'recover-now', 'cancel']);

/** Finds the marks of attempts in the events of a run, in one pass. @param events by time */
export function marksOf(
  events: readonly RunEvent[],
  attempts: readonly AttemptRecord[],
): ReadonlyMap<string, AttemptMarks> {
  const marks = new Map<string, AttemptMarks>();
  const byTime = [...attempts].sort((a, b) => a.submittedAt - b.submittedAt);
  let next = 0;
  for (const record of byTime) {
    while ((events[next]?.at ?? Infinity) < record.submittedAt) next++;
    let index = next;
    const own: RunEvent[] = [];
    for (; (events[index]?.at ?? Infinity) <= record.endedAt; index++) own.push(events[index] as RunEvent);
    marks.set(record.jobName, marksAmong(own, record.jobName));
  }
  return marks;
}

function marksAmong(events: readonly RunEvent[], jobName: string): AttemptMarks {
  const taken = events.find((event) => event.kind === 'job-submitted' && event.jobName === jobName && !event.adopted);
  const stop = events.find(
    (event) =>
      (event.kind === 'limit-passed' && event.jobName === jobName) ||
      (event.kind === 'operator' && ENDS.has(event.command)),
  );
  return { submittedAt: taken?.at ?? null, stopAt: stop?.at ?? null, before: beforeLimit(stop) };
}

function beforeLimit(stop: RunEvent | undefined): AttemptMarks['before'] {
  if (stop?.kind !== 'limit-passed') return null;
  if (stop.limit === 'finalizing') return 'finalizing';
  return STANDSTILLS.has(stop.limit) ? 'hang' : null;
}
