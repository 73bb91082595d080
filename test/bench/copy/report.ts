import type { Bar } from '../harness/bars.js';
import { machine } from '../harness/machine.js';
import type { Report } from '../harness/report.js';
import { Samples } from '../harness/samples.js';
import { type Cell, figure } from '../harness/table.js';
import type { Extent, Measured } from './measure.js';
import type { Took } from './timed.js';

const MB = 1e6;
const GB = 1e9;

/** Puts what was measured in words, and judges it by the bars that were set. */
export function reportOf(measured: Measured, { files, mib, rounds }: Extent): Report {
  const { peers, bytes, sides, ceiling } = measured;
  const all = new Map<string, readonly Took[]>([
    ...sides,
    ['ours, server does nothing', ceiling.pulled],
    ['ours, through us, server does nothing', ceiling.carried],
  ]);
  const bars = barsOf(measured);
  return {
    what: `copy of ${files} files of ${mib} MiB from one container to another by blocks, ${rounds} rounds in turn, medians`,
    versions: {
      ...machine(['azurite', '@azure/storage-blob']),
      azcopy: peers.azcopy?.version ?? 'not there',
      rclone: peers.rclone?.version ?? 'not there',
    },
    heads: ['', 'MB/s', 'slowest', 'fastest', 'CPU-s/GB of the client', 'requests/GB'],
    rows: [...all].map(([name, took]) => rowOf(name, took, bytes)),
    notes: [
      'Azurite runs in one thread and bounds all of them; nothing here says how fast Azure is.',
      'ours: with the MD5 of each block from the manifest, which the service compares; Azurite then leaves out a slow CRC64. unknown: without, a CRC64 of each blob is put together.',
      'Where the server does nothing, MB/s counts bytes that nobody moves, unless they go through us.',
      'All but rclone let the service fetch the blocks; rclone takes them down and up.',
      ...peers.missing,
    ],
    bars,
    line: `copy: ${bars.map(({ name, value }) => `${name} ${figure(value)}`).join(', ') || 'no peer was there'}`,
  };
}

function rowOf(name: string, took: readonly Took[], bytes: number): Cell[] {
  const speeds = Samples.of(took.map(({ seconds }) => bytes / MB / seconds));
  const requests = took.flatMap((one) => ('requests' in one ? [Number(one.requests)] : []));
  return [
    name,
    ...[50, 0, 100].map((percent) => speeds.percentile(percent)),
    median(took.map(({ cpuSeconds }) => (cpuSeconds / bytes) * GB)),
    requests.length === 0 ? null : (median(requests) / bytes) * GB,
  ];
}

function barsOf({ sides }: Measured): Bar[] {
  const seconds = (name: string) => median((sides.get(name) ?? []).map((took) => took.seconds));
  const cpu = (name: string) => median((sides.get(name) ?? []).map(({ cpuSeconds }) => cpuSeconds));
  return [
    ...(sides.has('azcopy')
      ? ([
          {
            name: 'speed by that of azcopy',
            value: seconds('azcopy') / seconds('ours'),
            unit: 'x',
            must: { atLeast: 1.3 },
          },
          { name: 'client CPU by that of azcopy', value: cpu('ours') / cpu('azcopy'), unit: 'x', must: { below: 0.2 } },
        ] satisfies Bar[])
      : []),
    ...(sides.has('rclone')
      ? [
          {
            name: 'speed by that of rclone',
            value: seconds('rclone') / seconds('ours'),
            unit: 'x',
            must: { atLeast: 1 },
          },
        ]
      : []),
  ];
}

const median = (values: readonly number[]) => Samples.of(values).percentile(50);
