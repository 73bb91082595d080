import type { LastWords } from '../../../domain/endings/evidence.js';
import type { SkipWindow } from '../../../domain/skip-windows.js';
import type { Schedule } from '../schedule.js';
import type { Cause } from './job.js';
import type { Storage, StoredCheckpoint } from './storage.js';

/** What a start of the trainer begins with, and where it writes. */
export interface Origin {
  readonly schedule: Schedule;
  readonly storage: Storage;
  readonly attempt: string;
  readonly incarnation: string;
  readonly nodes: readonly string[];
  readonly resume: StoredCheckpoint | null;
  readonly skipWindows: readonly SkipWindow[];
  /** Called once, when the trainer's processes end by themselves. */
  readonly onExit: (exit: Exit) => void;
  readonly onCause: (cause: Cause) => void;
  /** Called when its heartbeat has something to say that cannot wait. */
  readonly onNotice: () => void;
  /** Step of the newest checkpoint that its attempt has. */
  readonly newestBefore: number;
  /** How much longer than usual it takes to the first heartbeat. */
  readonly extraBootSeconds: number;
}

/** How a start of the trainer ends by itself. */
export interface Exit {
  readonly code: number;
  readonly words: LastWords | null;
  /** The fault behind it, where one is. */
  readonly cause: Cause | null;
}
