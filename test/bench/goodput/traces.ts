import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

import { type Series, upTimesOf } from './series.js';

/** Recorded availability that papers published, beside the clone or in BERTHA_SHARED. */
export const TRACES = join(process.env['BERTHA_SHARED'] ?? resolve('..', 'shared'), 'traces');

const recording = z.object({
  source: z.string(),
  region: z.string(),
  instance: z.string(),
  gapSeconds: z.number(),
  available: z.array(z.number()),
  maxNodes: z.number(),
});

/** Every recording, those with counts once for all of their nodes and once for half of them; null where there is no such folder. */
export function recordedSeries(folder: string = TRACES): Series[] | null {
  if (!existsSync(folder)) return null;
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().flatMap((file) => seriesIn(join(folder, file)));
}

function seriesIn(file: string): Series[] {
  const { source, region, instance, gapSeconds, available, maxNodes } = recording.parse(
    JSON.parse(readFileSync(file, 'utf8')),
  );
  const counts = maxNodes > 1 ? [Math.ceil(maxNodes / 2), maxNodes] : [1];
  const place = region.startsWith('aws') ? '' : `${region} `;
  return counts.map((nodes) => ({
    source,
    name: `${place}${instance}${maxNodes > 1 ? `, ${nodes} of ${maxNodes} nodes` : ''}`,
    nodes,
    upTimes: upTimesOf(available, gapSeconds, nodes),
    length: available.length * gapSeconds,
  }));
}
