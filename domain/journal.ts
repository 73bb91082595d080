import type { AttemptRecord } from './attempts.js';
import type { RunEvent } from './events.js';

/** A line of journal.jsonl: an event, or the whole record of an attempt that ended. Sequence numbers make repeated appends harmless. */
export type JournalEntry =
  | { readonly type: 'event'; readonly chain: string; readonly event: RunEvent }
  | { readonly type: 'attempt'; readonly chain: string; readonly record: AttemptRecord };

/** Reads a journal: damaged lines are passed over, entries that were appended twice are taken once. */
export function readJournal(text: string): { events: RunEvent[]; attempts: AttemptRecord[] } {
  const events = new Map<string, RunEvent>();
  const attempts = new Map<string, AttemptRecord>();
  for (const line of text.split('\n')) {
    const entry = parse(line);
    if (entry?.type === 'event') events.set(`${entry.chain}/${entry.event.sequence}`, entry.event);
    if (entry?.type === 'attempt') attempts.set(entry.record.jobName, entry.record);
  }
  return { events: [...events.values()], attempts: [...attempts.values()] };
}

function parse(line: string): JournalEntry | null {
  if (line.trim() === '') return null;
  try {
    const entry = JSON.parse(line) as Partial<Record<'event' | 'record', unknown>> | null;
    const isWhole = entry?.event !== undefined || entry?.record !== undefined;
    return isWhole ? (entry as JournalEntry) : null;
  } catch {
    return null;
  }
}
