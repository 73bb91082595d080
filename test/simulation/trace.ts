import type { AttemptRecord } from '../../domain/attempts.js';
import { attemptName } from '../../domain/names.js';
import type { Outcome } from './pure/supervisor.js';

/**
 * What the play of a schedule came to, in words that do not change with a second more or less: how it ended, and of each attempt its ending and
 * which kind of checkpoint counted after it.
 */
export function traceOf(outcome: Outcome | null, records: readonly AttemptRecord[]): string[] {
  const ordered = [...records].sort((a, b) => a.attempt - b.attempt);
  const failure = outcome?.failure?.outcome;
  const end = outcome === null ? 'not over' : failure === undefined ? outcome.outcome : `failed (${failure})`;
  return [...ordered.map((record) => `${attemptName(record.attempt)} ${record.ending}, ${headOf(record)}`), end];
}

function headOf({ head = null, attempt }: AttemptRecord): string {
  if (head === null) return 'nothing to go on from';
  return head.attempt === attemptName(attempt) ? 'goes on from its own' : 'goes on from an older one';
}
