import { describeEvent, type RunEvent } from './events.js';

/** Something that befell a run while it went on, beside the ends of its attempts. */
export interface Incident {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** So many of the newest stand in a report; the journal holds all. */
export const INCIDENTS_REPORTED = 100;

/** What was seen, asked for or decided that needs an explanation, oldest first. What an attempt's own row tells is left out. */
export function incidentsOf(events: readonly RunEvent[]): Incident[] {
  return events
    .filter(({ kind }) => INCIDENTS.has(kind))
    .map((event) => ({ at: event.at, text: describeEvent(event) }))
    .sort((one, other) => one.at - other.at);
}

const INCIDENTS: ReadonlySet<RunEvent['kind']> = new Set([
  'watch-alert',
  'watch-blind',
  'limit-passed',
  'end-proven',
  'checkpoint-quarantined',
  'held',
  'alert',
  'budget-alert',
  'untold',
  'cluster-chosen',
  'operator',
] as const);
