import type { AttemptRecord } from './attempts.js';
import type { Command } from './commands.js';
import type { EndedByUs } from './endings/evidence.js';
import type { RunEvent } from './events.js';

/** A line of journal.jsonl: an event, or the whole record of an attempt that ended. Sequence numbers make repeated appends harmless. */
export type JournalEntry =
  | { readonly type: 'event'; readonly chain: string; readonly event: RunEvent }
  | { readonly type: 'attempt'; readonly chain: string; readonly record: AttemptRecord }
  /** An operator's command that was taken; what pauses, intervals and windows add up to is told by all of them. */
  | { readonly type: 'command'; readonly chain: string; readonly command: Command; readonly at: number }
  /** Written before a cancel is sent: whoever takes the run up must not take our own cancel for somebody else's. */
  | { readonly type: 'ending-asked'; readonly chain: string; readonly jobName: string; readonly by: EndedByUs };

/** Reads a journal: damaged lines are passed over, entries that were appended twice are taken once. */
export function readJournal(text: string): {
  events: RunEvent[];
  attempts: AttemptRecord[];
  commands: { readonly command: Command; readonly at: number }[];
  /** By job name, the newest. */
  endingsAsked: Record<string, EndedByUs>;
} {
  const events = new Map<string, RunEvent>();
  const attempts = new Map<string, AttemptRecord>();
  const commands = new Map<string, { readonly command: Command; readonly at: number }>();
  const endingsAsked: Record<string, EndedByUs> = {};
  for (const line of text.split('\n')) {
    const entry = parse(line);
    if (entry?.type === 'event') events.set(`${entry.chain}/${entry.event.sequence}`, entry.event);
    if (entry?.type === 'attempt') attempts.set(entry.record.jobName, entry.record);
    if (entry?.type === 'command') commands.set(entry.command.id, { command: entry.command, at: entry.at });
    if (entry?.type === 'ending-asked') endingsAsked[entry.jobName] = entry.by;
  }
  return {
    events: [...events.values()],
    attempts: [...attempts.values()],
    commands: [...commands.values()],
    endingsAsked,
  };
}

/** One of them stands in every entry. */
const BODIES = ['event', 'record', 'command', 'by'] as const;

function parse(line: string): JournalEntry | null {
  if (line.trim() === '') return null;
  try {
    const entry = JSON.parse(line) as Partial<Record<(typeof BODIES)[number], unknown>> | null;
    const isWhole = BODIES.some((body) => entry?.[body] !== undefined);
    return isWhole ? (entry as JournalEntry) : null;
  } catch {
    return null;
  }
}
