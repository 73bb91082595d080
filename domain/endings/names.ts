/**
 * Every way an attempt can end has a name here, and a total map (`next-step.ts`) says what comes next. A new ending without a next step
 * does not compile.
 */
export type JobEnding =
  /** Azure or the trainer says Completed and the phase's last checkpoint verifies. */
  | 'completed'
  /** Azure says Completed, yet no checkpoint of the last step verifies. */
  | 'unfinished'
  /** Azure says Failed, and that nodes were preempted. */
  | 'preempted'
  /** Azure canceled it, for its nodes were preempted or no capacity came back; nobody asked. */
  | 'preempted-canceled'
  /** A node that it ran on is listed as preempted or unusable, or its hardware failed, though the job ended by another word. */
  | 'node-lost'
  /** The trainer was warned (SIGTERM), saved and left. */
  | 'interrupted'
  /** A surviving process says that a peer is gone, and nothing proves a preemption. */
  | 'lost-peer'
  /** Azure ended it before it ran, for want of capacity. */
  | 'no-capacity'
  /** It waited for nodes beyond its limit and we ended it. */
  | 'queued-too-long'
  /** The subscription's core quota does not allow its nodes. */
  | 'quota-exceeded'
  /** The VM size is refused for this tier or region. */
  | 'sku-refused'
  /** The environment's image could not be built or pulled. */
  | 'image-failed'
  /** It failed before any process of ours ran, and none of the four above is proven. */
  | 'never-started'
  /** The code, its config or its data is wrong: a named exit code, or a crash that nothing else explains. */
  | 'user-error'
  /** A process asked for more memory than there is. */
  | 'out-of-memory'
  /** The loss became NaN or infinite. */
  | 'nan'
  /** The loss rose far above its window and stayed there. */
  | 'loss-spike'
  /** The trainer refused the checkpoint it was given; an older one may do. */
  | 'bad-checkpoint'
  /** The trainer's own watchdog found a rank or collective that stood still. */
  | 'stuck-rank'
  /** We ended it: its heartbeat or its step stood still beyond the limit. */
  | 'hung'
  /** We ended it: it ran, but no new valid checkpoint came within the limit. */
  | 'no-new-checkpoint'
  /** We ended it: it stayed in preparing, finalizing, not responding or stopping beyond the limit. */
  | 'dwelled-too-long'
  /** We ended it: Azure had restarted it in place, far behind its newest checkpoint. */
  | 'superseded'
  /** The longest life that Azure allows a job was over: 7 days on low-priority nodes, 21 else. */
  | 'lifetime-limit'
  /** The timeout that we gave the job was over. */
  | 'time-limit'
  /** The trainer left by itself at its spend-until time, which nobody renewed. */
  | 'spend-until'
  /** We ended it: the run's budget pays for no more. */
  | 'budget-spent'
  /** We ended it: only dedicated nodes can still keep the run's deadline. */
  | 'moved-for-deadline'
  /** We ended it because an operator paused the run or asked for recovery now. */
  | 'stopped-on-request'
  /** We canceled it because the run ends. */
  | 'canceled-by-us'
  /** Somebody else canceled it. */
  | 'canceled-elsewhere'
  /** Azure does not know the job any more. */
  | 'vanished'
  /** None of the above can be proven. */
  | 'unknown';

/** Endings in which it is proven that nodes were taken away: they cost no budget and say nothing about the run. */
const PREEMPTIONS: ReadonlySet<JobEnding> = new Set(['preempted', 'preempted-canceled', 'node-lost']);

export const isPreemption = (ending: JobEnding): boolean => PREEMPTIONS.has(ending);
