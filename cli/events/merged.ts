import type { RunEvent } from '../../domain/events.js';

/**
 * The events of a run from its journal and from what it says itself, each once, in the order in which they happened. The journal lags behind by what
 * is not written yet, the run itself remembers the last ones only; a run that was taken up again counts its events anew.
 */
export function mergedEvents(journal: readonly RunEvent[], said: readonly RunEvent[]): RunEvent[] {
  const all = new Map([...journal, ...said].map((event) => [`${event.at}/${event.sequence}`, event]));
  return [...all.values()].sort((a, b) => a.at - b.at || a.sequence - b.sequence);
}
