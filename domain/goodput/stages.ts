import type { RunEvent, StageName } from '../events.js';
import type { Bucket } from './buckets.js';
import type { Canvas } from './canvas.js';

/** The first coat: the stages of the run, one after the other; within a phase whatever is no attempt's is the supervisor's. */
export function paintStages(canvas: Canvas, events: readonly RunEvent[], until: number): void {
  let current: { readonly from: number; readonly bucket: Bucket } | null = null;
  for (const event of events) {
    const bucket = bucketFrom(event);
    if (bucket === null) continue;
    if (current !== null) paint(canvas, current, event.at);
    current = { from: event.at, bucket };
  }
  if (current !== null) paint(canvas, current, until);
  for (const span of closings(events)) canvas.paint({ ...span, bucket: 'closing', jobName: null, nodes: 0 });
}

/** A run that fails has nothing more to train behind its last attempt. */
function closings(events: readonly RunEvent[]): { from: number; until: number }[] {
  let settled: number | null = null;
  return events.flatMap(({ kind, at }) => {
    if (kind === 'attempt-ended') settled = at;
    if (kind === 'job-submitted' || kind === 'stage-started') settled = null;
    return kind === 'run-ended' && settled !== null ? [{ from: settled, until: at }] : [];
  });
}

/** What begins with an event; null where nothing does. */
function bucketFrom(event: RunEvent): Bucket | null {
  switch (event.kind) {
    // Whoever takes a run up begins with its checks again.
    case 'run-started':
      return 'preflight';
    case 'stage-started':
      return stageBucket(event.stage);
    case 'run-ended':
      return 'person';
    default:
      return event.kind === 'operator' && event.command === 'cancel' ? 'closing' : null;
  }
}

function stageBucket(stage: StageName): Bucket {
  if (stage === 'preflight' || stage === 'data' || stage === 'infrastructure') return stage;
  return stage === 'finalize' ? 'closing' : 'decide';
}

function paint(canvas: Canvas, { from, bucket }: { from: number; bucket: Bucket }, until: number): void {
  canvas.paint({ from, until, bucket, jobName: null, nodes: 0 });
}
