import type { AttemptRecord } from './attempts.js';
import type { RunEvent } from './events.js';

/** A line of journal.jsonl: an event, or the whole record of an attempt that ended. Sequence numbers make repeated appends harmless. */
export type JournalEntry =
  | { readonly type: 'event'; readonly chain: string; readonly event: RunEvent }
  | { readonly type: 'attempt'; readonly chain: string; readonly record: AttemptRecord };

/** Reads a journal: damaged lines are passed over, entries that were appended twice are taken once. */
export function readJournal(text: string): { events: RunEvent[]; attempts: AttemptRecord[] } {
  const entries = readEntries(text);
  return {
    events: entries.flatMap((entry) => (entry.type === 'event' ? [entry.event] : [])),
    attempts: entries.flatMap((entry) => (entry.type === 'attempt' ? [entry.record] : [])),
  };
}

/** As `readJournal`, with the workflow chain that wrote each entry, in the order of the journal. */
export function readEntries(text: string): JournalEntry[] {
  const entries = new Map<string, JournalEntry>();
  for (const line of text.split('\n')) {
    const entry = parse(line);
    if (entry?.type === 'event') entries.set(`event ${entry.chain}/${entry.event.sequence}`, entry);
    if (entry?.type === 'attempt') entries.set(`attempt ${entry.record.jobName}`, entry);
  }
  return [...entries.values()];
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
