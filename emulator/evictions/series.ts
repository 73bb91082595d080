import { readFile } from 'node:fs/promises';

import { z } from 'zod';

const series = z.object({
  gapSeconds: z.number().positive(),
  available: z.array(z.number().min(0)).min(1),
  maxNodes: z.number().int().min(1).nullish(),
});

/** A recorded series of availability: how many nodes could be had, tick by tick. */
export type Series = z.infer<typeof series>;

/**
 * Reads a series; members that it does not use are allowed.
 *
 * @throws Error with one sentence
 */
export async function readSeries(file: string): Promise<Series> {
  const result = series.safeParse(parseJson(await readText(file), file));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`field ${issue?.path.join('.') || 'gapSeconds'} of the series ${file}: ${issue?.message}.`);
}

/**
 * How many nodes may be had. A series of ones and zeros tells only whether there is capacity: a one sets no limit. After
 * its last tick a series begins anew.
 *
 * @param seconds into the series
 */
export function availableAt(given: Series, seconds: number, scale = 1): number {
  const count = given.available[tickAt(given, seconds)] ?? 0;
  const tellsCounts = (given.maxNodes ?? 1) > 1;
  if (tellsCounts) return Math.floor(count * scale);
  return count > 0 ? Infinity : 0;
}

/** Seconds from a moment of the series until its value changes; Infinity where it never does. */
export function untilChange(given: Series, seconds: number): number {
  const { available, gapSeconds } = given;
  const tick = tickAt(given, seconds);
  const ahead = available.findIndex(
    (_, step) => available[(tick + step) % available.length] !== available[tick % available.length],
  );
  if (ahead === -1) return Infinity;
  return (Math.floor(seconds / gapSeconds) + ahead) * gapSeconds - seconds;
}

function tickAt({ available, gapSeconds }: Series, seconds: number): number {
  return Math.floor(seconds / gapSeconds) % available.length;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`the series cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`the series ${file} is no JSON: ${(error as Error).message}.`, { cause: error });
  }
}
