import { z } from 'zod';
import { bucketSeconds, goodput } from './report-goodput.js';

const seconds = z
  .object({
    useful: z.number().describe('Seconds in which optimizer steps were done that the final model contains.'),
    lost: z.number().describe('Seconds in which steps were done that a preemption, an error or a fallback undid.'),
    waiting: z
      .number()
      .describe(
        'Every other second: preparation, queueing, booting, restoring, saving, deciding, evaluating; `goodput` tells them apart.',
      ),
    wall: z.number().describe('Seconds from the start of the run to its end; useful + lost + waiting.'),
  })
  .describe('Where the time went.');

const attempt = z
  .object({
    job: z.string().describe('Azure ML job name.'),
    ending: z.string().describe('How the attempt ended: completed, preempted, user-error, ... (docs/ARCHITECTURE.md).'),
    because: z.string().describe('The facts that decided it.'),
    firstStep: z.number().nullable().describe('First optimizer step it did.'),
    lastStep: z.number().nullable().describe('Last optimizer step it is known to have done.'),
    resumedFromStep: z.number().describe('Step of the checkpoint it continued from; 0 where it began anew.'),
    keptStep: z.number().nullable().describe('Last of its steps that the final model contains; null where none.'),
    checkpoints: z.number().describe('Checkpoints it wrote.'),
    rejectedCheckpoints: z
      .array(
        z.object({ path: z.string().describe('Its blob folder.'), reason: z.string().describe('Why it was refused.') }),
      )
      .describe('Checkpoints that did not verify when it ended.'),
    seconds: z
      .object({
        useful: z.number().describe('Seconds of its steps that the final model contains.'),
        lost: z.number().describe('Seconds of its steps that were undone.'),
        total: z.number().describe('Seconds from submission to end.'),
      })
      .describe('Its useful and lost training seconds, and all seconds from submission to end.'),
    nodeSeconds: z.number().describe('Nodes x seconds that its nodes were held.'),
    // Reports of earlier releases have neither.
    buckets: bucketSeconds.default({}).describe('Its seconds by bucket of `goodput`.'),
    price: z.number().nullable().default(null).describe('What its nodes cost; null where no price is known.'),
  })
  .describe('One job.');

const phase = z.object({
  name: z.string().describe('Name of the phase.'),
  steps: z
    .object({
      done: z.number().describe('Steps the lineage holds.'),
      planned: z.number().describe('Steps the config asks for.'),
    })
    .describe('Optimizer steps.'),
  loss: z
    .object({
      mlm: z
        .object({
          first: z.number().nullable().describe('Masked-LM loss of the first step, nats.'),
          last: z.number().nullable().describe('Masked-LM loss of the last step, nats.'),
          heldOut: z.number().nullable().describe('Masked-LM loss on pages held out from training, nats.'),
          unigram: z
            .number()
            .nullable()
            .describe('Loss of the training unigram distribution on the same held-out masks, nats.'),
          uniform: z.number().nullable().describe('Loss of a uniform guess: ln(vocabulary size), nats.'),
        })
        .describe('Masked language model.'),
      nsp: z
        .object({
          heldOut: z
            .number()
            .nullable()
            .describe('Next-sentence loss on held-out pages, nats; ln 2 = 0.693 is chance.'),
          accuracy: z.number().nullable().describe('Next-sentence accuracy on held-out pages.'),
        })
        .describe('Next sentence prediction.'),
    })
    .describe('Losses.'),
  attempts: z.array(attempt).describe('Every job of the phase, in order.'),
  lastEvidence: z
    .array(
      z.object({
        source: z.string().describe('Where it was read: azure, run-history, nodes, cluster, trainer, ...'),
        fact: z.string().describe('The fact, in words.'),
      }),
    )
    // Reports of earlier releases do not have it, nor the incidents.
    .default([])
    .describe('All that was known of how the last job ended; empty where it completed.'),
  sampleHash: z
    .string()
    .nullable()
    .describe('Running hash over (step, samples, mask seeds) at the last step: equal for equal data order.'),
});

/** The report of a run. `bertha report --help` prints these sentences. */
export const runReportSchema = z.object({
  format: z.literal('bertha-report/1').describe('Format of this file.'),
  run: z.string().describe('Name of the run.'),
  outcome: z.enum(['completed', 'failed', 'canceled']).describe('How the run ended.'),
  because: z.string().describe('Why, in one sentence.'),
  startedAt: z.string().describe('UTC.'),
  endedAt: z.string().describe('UTC.'),
  phases: z.array(phase).describe('Per phase: steps, losses, attempts.'),
  incidents: z
    .array(z.object({ at: z.string().describe('UTC.'), text: z.string().describe('What happened, in a sentence.') }))
    .default([])
    .describe(
      'What befell the run beside the ends of its attempts, oldest first: blindness, restarts in place, limits, commands.',
    ),
  incidentsLeftOut: z.number().default(0).describe('Older ones that stand in the journal only.'),
  preemptions: z.number().describe('Attempts that ended by preemption.'),
  seconds,
  goodput,
  cost: z
    .object({
      total: z.number().describe('Sum over all attempts of nodes x hours x price, without storage or traffic.'),
      currency: z.string().describe('Currency of the price list.'),
      nodeSeconds: z.number().describe('Nodes x seconds held by jobs.'),
      pricePerNodeHour: z
        .number()
        .nullable()
        .describe('Price used: cost.pricePerNodeHour of the config, else the list price; null where neither is known.'),
      sku: z.string().describe('VM size.'),
      priority: z.string().describe('low_priority or dedicated.'),
      // Reports of earlier releases have none.
      clusters: z
        .array(
          z.object({
            name: z.string().describe('Cluster.'),
            sku: z.string().describe('VM size.'),
            priority: z.string().describe('low_priority or dedicated.'),
            nodeSeconds: z.number().describe('Nodes x seconds held by jobs there.'),
            total: z.number().nullable().describe('What those cost; null where no price is known.'),
          }),
        )
        .default([])
        .describe('The same by cluster, in the order in which the run came to them.'),
    })
    .describe('What the nodes cost; size, tier and price are those of the cluster of the config.'),
  model: z
    .object({
      name: z.string().describe('Registered model.'),
      version: z.string().describe('Its version.'),
      path: z.string().describe('Its blob folder.'),
    })
    .nullable()
    .describe('The model, null where the run did not complete.'),
  dataset: z
    .object({
      name: z.string().describe('Name of the dataset.'),
      contentId: z.string().describe('Hash of its content, part of its folder name.'),
    })
    .nullable()
    .describe('What was trained on.'),
  clusterNodesLeft: z
    .number()
    .nullable()
    .describe(
      'Nodes the cluster still held when the run ended (idle ones leave after cluster.idleSecondsBeforeScaleDown); null where it was not read.',
    ),
  whereToLook: z.array(z.string()).describe('The next commands to type.'),
});
export type RunReport = z.output<typeof runReportSchema>;
export type AttemptReport = z.output<typeof attempt>;
export type PhaseReport = z.output<typeof phase>;
