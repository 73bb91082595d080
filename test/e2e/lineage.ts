import { readMetrics } from '../../activities/trainer.js';
import type { BlobContainer } from '../../azure/blob.js';
import type { RunReport } from '../../client.js';

/** What the final model was made of: phase, step and loss of each step that counts, in order. */
export async function lineageLosses(store: BlobContainer, { run, phases }: RunReport): Promise<unknown[]> {
  const losses: unknown[] = [];
  for (const { name, attempts } of phases) {
    for (const { job, keptStep } of attempts) {
      const folder = `runs/${run}/${name}/attempts/${job.slice(-4)}`;
      for (const incarnation of await store.folders(folder)) {
        const lines = await readMetrics(store, `${folder}/${incarnation}`);
        const kept = lines.filter(({ step }) => step <= (keptStep ?? 0));
        losses.push(...kept.map(({ step, loss }) => [name, step, loss]));
      }
    }
  }
  return losses;
}

/** SHA-256 of the final model's weights. */
export async function weights(store: BlobContainer, { model }: RunReport): Promise<string> {
  return (await store.sha256(`${model?.path ?? ''}/model.safetensors`)).sha256;
}
