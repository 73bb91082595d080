import { z } from 'zod';

const STARS = '* stands within a folder, ** across folders, ? for one character';

/** Names of jobs. */
export const job = z.string().min(1).default('*').describe('Name of the job; * and ? stand for other characters.');

/** Names of clusters. */
export const cluster = z
  .string()
  .min(1)
  .default('*')
  .describe('Name of the cluster; * and ? stand for other characters.');

/** Sizes of machines. */
export const vmSize = z
  .string()
  .min(1)
  .default('*')
  .describe('Size of its machines, such as Standard_NC96ads_A100_v4, in any case; * and ? stand for other characters.');

/** Files of an output. */
export const blob = z
  .string()
  .min(1)
  .describe(`A file that the job uploads, relative to the output's folder; ${STARS}.`);

/** Paths of requests. */
export const path = z
  .string()
  .min(1)
  .default('**')
  .describe(`Path of the request without its query, in any case, such as **/jobs/*; ${STARS}.`);

/** Priorities of machines. */
export const priority = z.enum(['LowPriority', 'Dedicated']);
