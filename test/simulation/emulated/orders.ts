import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../../stack/whole.js';
import type { CallName, Mishap } from '../schedule.js';

/** Where a worker is to die: within one of these activities. */
export interface Death {
  readonly activities: readonly string[];
  readonly when: 'before' | 'behind';
}

/** Activities in which a call of the simulated supervisor happens; one without any is a death at that moment. */
const ACTIVITIES: Readonly<Record<CallName, readonly string[]>> = {
  submit: ['submitJob'],
  look: ['watchJob'],
  control: [],
  cancel: ['endJob'],
  prove: ['endJob'],
  ladder: ['findCheckpoint'],
  evidence: ['collectEvidence'],
  record: ['record'],
  retention: [],
  claim: ['claimRun'],
};

/** Files by which trainers and a worker are told to go wrong; each is read once and removed by who obeys. */
export class Orders {
  readonly deathFile: string;

  constructor(readonly folder: string) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    this.deathFile = join(folder, 'death');
  }

  trainer(job: string, mishap: Mishap): void {
    writeWhole(join(this.folder, job), mishap);
  }

  /** Whether a trainer has not obeyed yet. */
  waits(job: string, mishap: string): boolean {
    try {
      return readFileSync(join(this.folder, job), 'utf8') === mishap;
    } catch {
      return false;
    }
  }

  /** @param seconds real ones that the run's next trainer takes longer to its first heartbeat */
  slowStart(run: string, seconds: number): void {
    writeWhole(join(this.folder, `${run}.slow`), String(seconds));
  }

  /** @returns false where there is no such activity: then the worker is to be killed */
  death(call: CallName, when: Death['when']): boolean {
    const activities = ACTIVITIES[call];
    if (activities.length > 0) writeWhole(this.deathFile, JSON.stringify({ activities, when } satisfies Death));
    return activities.length > 0;
  }

  noDeath(): void {
    rmSync(this.deathFile, { force: true });
  }
}
