import type { Series } from './series.js';

/** What training costs besides itself, the same for every policy. */
export interface World {
  /** C: training that one checkpoint costs, seconds. */
  readonly stallSeconds: number;
  /** S: from nodes ready to the first step (boot, image, restore), seconds. */
  readonly startSeconds: number;
  /** How long before the nodes go they are told; 0 for not at all. */
  readonly noticeSeconds: number;
  /**
   * What Azure ML does with a job that lost its nodes: begins it again in place, or ends it (PreemptionError). Both are seen; whoever does
   * not run on Azure ML meets neither.
   */
  readonly azure: 'in-place' | 'ends-the-job';
}

/** A way to supervise a training. */
export interface Policy {
  readonly name: string;
  /** The lines that it follows. */
  readonly link: string;
  /** Begins a run over a series; only Young and Daly's interval may look at what the series will be. */
  start(world: World, series: Series): Supervisor;
}

/** A policy at work: it may remember what it saw. */
export interface Supervisor {
  /** True where the interval may change while nodes are up. */
  readonly adapts: boolean;
  /** True where the trainer saves when it is told that its nodes go. */
  readonly heedsNotice: boolean;
  /** False where every start begins at step 0. */
  readonly resumes: boolean;
  /**
   * Seconds of training between two checkpoints; Infinity for never.
   * @param ageSeconds from nodes ready to the begin of the cycle
   */
  interval(ageSeconds: number): number;
  /** Nodes are gone: when and how they are asked for again; null where nobody does any more. */
  afterInterruption(loss: Loss): Comeback | null;
}

/** Times in seconds since the series began. */
export interface Loss {
  readonly readyAt: number;
  readonly at: number;
  /** Whether the loss was announced. */
  readonly announced: boolean;
  /** Training of this up-time that checkpoints kept. */
  readonly keptSeconds: number;
}

export interface Comeback {
  /** When nodes are first asked for. */
  readonly at: number;
  /** Pause after so many refusals in a row, from 1; null where the request waits in Azure's queue until nodes are there. */
  readonly pauseSeconds: ((refusals: number) => number) | null;
}
