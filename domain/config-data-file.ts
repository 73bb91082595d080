import { z } from 'zod';
import { runConfigSchema } from './config.js';

const { azure, storage, data } = runConfigSchema.shape;

/** Schema of what `bertha data` works on: the sections of a run config that say where data is and what is made of it. */
export const dataConfigSchema = z
  .strictObject({ azure, storage, data })
  .describe('A dataset of bertha, without a run.');

export type DataConfig = z.output<typeof dataConfigSchema>;
