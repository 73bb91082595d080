import type { JobStart } from '../jobs/start.js';

/** One way in which a preemption shows itself. */
export interface Face {
  /** What a client sees, for `--help` and error messages. */
  sentence: string;
  /**
   * Does it to a start of a job. `ranks` are the nodes taken away. How the job ends is said in the same breath: peers
   * notice a lost node within milliseconds and exit, and their word must not come first.
   */
  strike(start: JobStart, ranks: readonly number[]): Promise<void>;
}
