import type { z } from 'zod';
import { bertParametersSchema } from './bert.js';

/** Trainers whose parameters we know; `none` takes whatever a trainer of one's own wants. */
export const recipes: Readonly<Record<string, z.ZodType | null>> = {
  bert: bertParametersSchema,
  none: null,
};
