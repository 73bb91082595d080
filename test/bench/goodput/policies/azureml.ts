import type { Comeback, Loss, Policy, Supervisor, World } from '../policy.js';
import { STEP_SECONDS } from './work.js';

/** When Azure ends the job nobody begins another but a person, who is called and comes after so long (as in docs/decisions/012). */
const PERSON_SECONDS = 2 * 3600;

/**
 * A job of Azure ML and nothing else. "A preempted job is restarted, not resumed": every start is from step 0.
 * https://github.com/Azure/MachineLearningNotebooks/issues/1242 (ends, or begins again in place)
 */
export const azureAlone: Policy = {
  name: 'Azure ML alone',
  link: 'https://learn.microsoft.com/azure/machine-learning/how-to-manage-optimize-cost#low-pri-vm',
  start: (world) => ({ ...byAzure(world), resumes: false, interval: () => Infinity }),
};

/** `total_training_steps` 187,000 over `num_epochs` 250 of its bert-large.json. */
const EPOCH_STEPS = 187_000 / 250;

/**
 * Microsoft's own recipe: a checkpoint at the end of each epoch. Its flag to load the newest one is taken as set.
 * https://github.com/microsoft/AzureML-BERT/blob/5b573ae45291b7492d2a077eb16625eac5f9c8a3/pretrain/configs/bert-large.json
 */
export const azuremlBert: Policy = {
  name: 'AzureML-BERT',
  link: 'https://github.com/microsoft/AzureML-BERT/blob/0ddd8b71428022f23e1f9b3b633440665b137e2a/pretrain/PyTorch/train.py',
  start: (world) => ({ ...byAzure(world), resumes: true, interval: () => EPOCH_STEPS * STEP_SECONDS }),
};

function byAzure({ azure }: World): Pick<Supervisor, 'adapts' | 'heedsNotice' | 'afterInterruption'> {
  const afterInterruption = ({ at }: Loss): Comeback => ({
    at: azure === 'in-place' ? at : at + PERSON_SECONDS,
    pauseSeconds: null,
  });
  return { adapts: false, heedsNotice: false, afterInterruption };
}
