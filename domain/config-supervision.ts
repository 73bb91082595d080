import { z } from 'zod';

/** The sections of the run config that say how a run is watched, ended and taken up again. */

const keep = z
  .strictObject({
    last: z
      .int()
      .min(2)
      .default(3)
      .describe('So many of the newest good checkpoints are kept; two at least, in case the newest is damaged later.'),
    everySteps: z
      .int()
      .min(1)
      .optional()
      .describe('Keep also the first checkpoint of every so many steps, for looking back at the training.'),
    best: z
      .int()
      .min(0)
      .default(1)
      .describe(
        'So many checkpoints of the lowest loss are kept: the training loss, or the held-out loss where the trainer evaluates on its way.',
      ),
    olderThanSteps: z
      .int()
      .min(0)
      .default(1000)
      .describe(
        'One checkpoint at least so many steps behind the newest is kept: set it to the patience of the loss-spike detector, so that one from before a spike exists.',
      ),
  })
  .prefault({})
  .describe('Which checkpoints are kept; the others are deleted.');

export const checkpoints = z
  .strictObject({
    everySteps: z.int().min(1).optional().describe('A checkpoint after so many steps.'),
    everySeconds: z
      .union([z.int().min(1), z.literal('auto')])
      .optional()
      .describe(
        'A checkpoint after so many seconds; `auto`: as often as keeps most training, from the interruptions and the checkpoints that the run measures (docs/decisions/014-checkpoint-interval.md).',
      ),
    keep,
  })
  .refine((c) => (c.everySteps === undefined) !== (c.everySeconds === undefined), {
    message: 'say either checkpoints.everySteps or checkpoints.everySeconds',
  })
  .describe('How often the trainer saves its whole state, and what is kept of it.');

const seconds = (defaultSeconds: number) => z.number().min(0.5).default(defaultSeconds);

const limits = z
  .strictObject({
    queuedSeconds: seconds(86_400).describe(
      'A job may wait so long for nodes before it is submitted anew; an alert comes after a quarter of it.',
    ),
    preparingSeconds: seconds(7_200).describe(
      'A job may prepare (image, mounts) so long before it is submitted anew; an alert comes after half of it.',
    ),
    startSeconds: seconds(1_800).describe(
      'A running job may take so long to its first heartbeat before it is submitted anew; an alert comes after half of it.',
    ),
    silentSeconds: seconds(300).describe(
      'The heartbeat of a running job may stand still so long before the job counts as hung and is submitted anew; an alert comes after half of it.',
    ),
    stalledSeconds: seconds(1_800).describe(
      'The step may stand still so long while the heartbeat goes on; after half of it a checkpoint is asked for, after all of it the job is submitted anew.',
    ),
    checkpointIntervals: z
      .number()
      .min(2)
      .default(6)
      .describe(
        'The newest valid checkpoint may be so many checkpoint intervals old before the job is submitted anew; after half of it comes an alert and a checkpoint is asked for.',
      ),
    checkpointFloorSeconds: seconds(600).describe(
      'However short the interval, so long without a new valid checkpoint is no reason to act.',
    ),
    redoSeconds: seconds(600).describe(
      'Azure may restart a job in place. A trainer then goes on from the newest checkpoint of its attempt; one that repeats more training than this is ended and submitted anew with that checkpoint.',
    ),
    finalizingSeconds: seconds(3_600).describe(
      'A job may take so long to upload and close before it is ended by us; its nodes are paid for meanwhile.',
    ),
    notRespondingSeconds: seconds(2_700).describe(
      'Azure may call a job NotResponding so long, its heartbeat standing still too, before it is submitted anew.',
    ),
    blindSeconds: seconds(900).describe(
      'After so long without an answer of Azure or of the storage, or without anybody who looked, an alert comes; nothing else is done for it.',
    ),
  })
  .prefault({})
  .describe('What is too long; only time in which the job could be seen counts.');

export const watch = z
  .strictObject({
    pollSeconds: z
      .number()
      .min(0.5)
      .max(600)
      .default(30)
      .describe(
        'Pause between two looks at a job. While it trains, its heartbeat alone is read every 3 s besides, for a preemption notice stands there for seconds only.',
      ),
    segmentHours: z
      .number()
      .min(0.01)
      .max(48)
      .default(12)
      .describe('After so long the watch is re-armed, so that a new worker version can take over.'),
    heartbeatSeconds: z.number().min(0.5).default(10).describe('How often the trainer says where it is.'),
    metricsSeconds: z.number().min(0.5).default(60).describe('How often the trainer closes a file of metrics.'),
    limits,
  })
  .prefault({})
  .describe('How a job is watched.');

export const recovery = z
  .strictObject({
    userErrors: z
      .int()
      .min(0)
      .default(2)
      .describe(
        'How many attempts of a phase may end by an error of the code before the run fails; preemptions never count.',
      ),
    unknownEndings: z
      .int()
      .min(0)
      .default(5)
      .describe(
        'How many attempts may end in a way that nothing explains before the run fails; counted anew when a new checkpoint is reached.',
      ),
    infrastructureErrors: z
      .int()
      .min(0)
      .default(5)
      .describe(
        'How many attempts may end by the fault of nodes, network or service before the run fails; counted anew when a new checkpoint is reached.',
      ),
    spikes: z
      .int()
      .min(0)
      .default(3)
      .describe(
        'How many times a phase may go back behind a loss spike or a repeated NaN and pass over its samples before the run fails.',
      ),
    attemptsWithoutProgress: z
      .int()
      .min(1)
      .default(5)
      .describe(
        'How many attempts in a row may end without a new checkpoint before the run fails; one proven preempted before its first checkpoint does not count.',
      ),
    startOverShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe(
        'Where no checkpoint verifies any more, training starts again at step 0 if at most this share of the phase is lost by it; else the run waits for a person.',
      ),
    waitSeconds: z
      .number()
      .min(0)
      .default(60)
      .describe('Pause after the first refusal for want of capacity; it doubles with every further one.'),
    longestWaitSeconds: z
      .number()
      .min(0)
      .default(600)
      .describe(
        'The pause for want of capacity grows no further than this. A refused attempt costs no node; an hour between two cost 13 points of useful time on recorded series.',
      ),
    dedicatedStartSeconds: z
      .number()
      .min(0)
      .default(600)
      .describe(
        'A job on dedicated nodes may take so long from its submission to its first step; kept back for each start that is to come before the deadline, and for one more.',
      ),
  })
  .prefault({})
  .describe('When to go on, and when to give up.');

export const stopping = z
  .strictObject({
    checkpointSeconds: seconds(120).describe(
      'A trainer that is asked to save and leave gets so long before its job is canceled.',
    ),
    graceSeconds: seconds(900).describe(
      'A canceled job may take so long to end before it must be proven to hold no node.',
    ),
    apartSeconds: seconds(60).describe('Two looks so far apart must find no node of the job: that is the proof.'),
    nodesSeconds: seconds(1_800).describe(
      'A job that holds nodes so long after that has its cluster deleted where the run made it; else a person is called.',
    ),
  })
  .prefault({})
  .describe('How a job is ended, and its end proven, before the next one is submitted.');
