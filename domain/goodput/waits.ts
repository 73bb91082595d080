import { nextStep } from '../endings/next-step.js';
import type { RunEvent } from '../events.js';
import type { Bucket } from './buckets.js';
import type { Canvas } from './canvas.js';

const BETWEEN_JOBS: ReadonlySet<Bucket> = new Set(['decide', 'unexplained']);

/** A hold may also be for a job that nobody can end. */
const PAUSED: ReadonlySet<Bucket> = new Set([...BETWEEN_JOBS, 'backoff', 'capacity-wait', 'closing']);
const HELD: ReadonlySet<Bucket> = new Set([...PAUSED, 'stopping', 'hang', 'finalizing']);

/** What nobody notices or does while nobody is there; a job trains, queues and boots all the same. */
const SUPERVISED: ReadonlySet<Bucket> = new Set([
  ...BETWEEN_JOBS,
  ...(['preflight', 'infrastructure', 'submit', 'stopping', 'detect', 'backoff', 'capacity-wait', 'closing'] as const),
]);

/** The last coats: pauses, persons who are waited for, and outages, over what would be nobody's else. @param events by time */
export function paintWaits(canvas: Canvas, events: readonly RunEvent[], until: number): void {
  paintPauses(canvas, events);
  for (const one of waits(events, until, isPause)) canvas.rename(one.from, one.until, 'person', PAUSED);
  for (const one of waits(events, until, ({ kind }) => kind === 'held'))
    canvas.rename(one.from, one.until, 'person', HELD);
  for (const { from, until: to, bucket } of outages(events)) canvas.rename(from, to, bucket, SUPERVISED);
}

function paintPauses(canvas: Canvas, events: readonly RunEvent[]): void {
  let forCapacity = false;
  for (const event of events) {
    if (event.kind === 'attempt-ended') forCapacity = nextStep[event.ending] === 'wait-for-capacity';
    if (event.kind !== 'waiting') continue;
    canvas.rename(event.at, event.at + event.seconds * 1000, forCapacity ? 'capacity-wait' : 'backoff', BETWEEN_JOBS);
  }
}

interface Span {
  readonly from: number;
  readonly until: number;
}

const isPause = (event: RunEvent): boolean => event.kind === 'operator' && event.command === 'pause';

/** From a pause or a hold to the word that lets the run go on, or to its end. */
function waits(events: readonly RunEvent[], until: number, begins: (event: RunEvent) => boolean): Span[] {
  const spans: Span[] = [];
  let since: number | null = null;
  for (const event of events) {
    if (begins(event)) since ??= event.at;
    if (since === null || !letsGo(event)) continue;
    spans.push({ from: since, until: event.at });
    since = null;
  }
  return since === null ? spans : [...spans, { from: since, until }];
}

const letsGo = (event: RunEvent): boolean =>
  event.kind === 'run-ended' ||
  (event.kind === 'job-submitted' && !event.adopted) ||
  (event.kind === 'operator' && ['resume', 'recover-now', 'cancel'].includes(event.command));

type Outage = Span & { readonly bucket: Extract<Bucket, 'outage' | 'azure-outage'> };

/** What the watch tells after an outage, and the silence between a workflow that was lost and the one that took its run up. */
function outages(events: readonly RunEvent[]): Outage[] {
  return events.flatMap((event, index): Outage[] => {
    if (event.kind === 'watch-alert') {
      const { alert } = event;
      if (alert.kind === 'unwatched') return [{ ...span(event.at, alert.seconds), bucket: 'outage' }];
      if (alert.kind === 'sight-again') return [{ ...span(event.at, alert.seconds), bucket: 'azure-outage' }];
    }
    const before = events[index - 1];
    const wasLost = event.kind === 'run-started' && before !== undefined && before.kind !== 'run-ended';
    return wasLost ? [{ from: before.at, until: event.at, bucket: 'outage' }] : [];
  });
}

const span = (until: number, seconds: number): Span => ({ from: until - seconds * 1000, until });
