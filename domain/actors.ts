/** Who brought an event about: a person by name, or one of the four that act in a run. */
export type Actor = 'bertha' | 'Azure ML' | 'trainer' | 'somebody else' | 'unknown' | (string & {});

/** Endings that the trainer brought about, or its code, config or data. */
const BY_TRAINER: ReadonlySet<string> = new Set([
  ...['completed', 'interrupted', 'lost-peer', 'user-error', 'out-of-memory', 'nan', 'loss-spike', 'bad-checkpoint'],
  ...['stuck-rank', 'spend-until'],
]);

/** Endings for which we asked. */
const BY_US: ReadonlySet<string> = new Set([
  ...['canceled-by-us', 'stopped-on-request', 'queued-too-long', 'hung', 'no-new-checkpoint', 'dwelled-too-long'],
]);

const BY_OTHERS: Readonly<Record<string, Actor>> = { 'canceled-elsewhere': 'somebody else', unknown: 'unknown' };

/** What is looked at of an event: kinds and endings of later versions are read too. */
interface Told {
  readonly kind: string;
  readonly ending?: unknown;
  readonly by?: unknown;
}

export function actorOf(event: Told): Actor {
  if (typeof event.by === 'string' && event.by !== '') return event.by;
  if (event.kind === 'operator') return 'somebody else';
  if (event.kind !== 'attempt-ended' || typeof event.ending !== 'string') return 'bertha';
  if (BY_TRAINER.has(event.ending)) return 'trainer';
  if (BY_US.has(event.ending)) return 'bertha';
  return BY_OTHERS[event.ending] ?? 'Azure ML';
}
