import type { AttemptRecord } from '../../../domain/attempts.js';
import type { RunConfig } from '../../../domain/config.js';
import type { JobEnding } from '../../../domain/endings/names.js';
import type { PhaseFailure } from '../../../domain/recovery.js';

const INFRASTRUCTURE: readonly JobEnding[] = [
  'lost-peer',
  'stuck-rank',
  'hung',
  'no-new-checkpoint',
  'dwelled-too-long',
  'never-started',
  'image-failed',
];
const UNKNOWN: readonly JobEnding[] = ['unknown', 'vanished', 'unfinished'];
const MISTAKES: readonly JobEnding[] = ['user-error', 'out-of-memory'];
const FREE: readonly JobEnding[] = [
  'preempted',
  'preempted-canceled',
  'node-lost',
  'no-capacity',
  'queued-too-long',
  'quota-exceeded',
  'sku-refused',
  'stopped-on-request',
  'never-started',
  'image-failed',
];
/** What can be got past by going back costs attempts, and alone never the phase. */
const GOT_PAST: readonly JobEnding[] = ['bad-checkpoint', 'loss-spike', 'nan'];

/**
 * Whether a failure is earned: counted from the records by the sentences of the config's fields, not by the code that failed the phase.
 * Nothing in a schedule earns `stopped` but a budget that is spent (nobody cancels a job elsewhere), or `spikes` (one poison, passed over once it is known).
 */
export function isEarned(outcome: PhaseFailure, records: readonly AttemptRecord[], { recovery }: RunConfig): boolean {
  const ordered = [...records].sort((a, b) => a.attempt - b.attempt);
  const steps = ordered.map(({ head }) => head?.step ?? 0);
  const rose = steps.findLastIndex((step, index) => step > Math.max(0, ...steps.slice(0, index)));
  const since = ordered.slice(Math.max(0, rose));
  const inVain = (rose < 0 ? ordered : ordered.slice(rose + 1)).filter(({ ending }) => !FREE.includes(ending));
  const count = (endings: readonly JobEnding[], among: readonly AttemptRecord[]) =>
    among.filter(({ ending }) => endings.includes(ending)).length;
  switch (outcome) {
    case 'user-errors':
      return count(MISTAKES, ordered) > recovery.userErrors;
    case 'infrastructure-errors':
      return count([...INFRASTRUCTURE, 'out-of-memory'], since) > recovery.infrastructureErrors;
    case 'unknown-endings':
      return count(UNKNOWN, since) > recovery.unknownEndings;
    case 'no-progress':
      return inVain.length >= recovery.attemptsWithoutProgress - 1 && count(GOT_PAST, inVain) <= inVain.length / 2;
    case 'stopped':
      return ordered.at(-1)?.ending === 'budget-spent';
    case 'spikes':
      return false;
  }
}
