import type { JobStart } from '../jobs/start.js';

/** One way in which a preemption shows itself. */
export interface Face {
  /** What a client sees, for `--help` and error messages. */
  sentence: string;
  /** Whether the node is gone afterwards; else it comes back by itself. */
  takesNodes: boolean;
  /**
   * Does it to a start of a job. `ranks` are the nodes taken away. How the job ends is said in the same breath: peers
   * notice a lost node within milliseconds and exit, and their word must not come first.
   *
   * @param backAfter seconds until a node that is not taken away answers again; undefined: what the face finds fit
   */
  strike(start: JobStart, ranks: readonly number[], backAfter: number | undefined): Promise<void>;
}
