import type { Bar } from '../harness/bars.js';
import { machine } from '../harness/machine.js';
import type { Report } from '../harness/report.js';
import { Samples } from '../harness/samples.js';
import { figure, type Cell } from '../harness/table.js';
import { limitBars } from './limits.js';
import type { Extent, Measured } from './measure.js';
import { CLIENTS, LISTINGS_PER_SECOND, type Round } from './ours.js';

const P99_MS = 50;
const MEMORY_MB = 300;
const MB = 1_000_000;

/** Puts what was measured in words, and judges it by the bars that were set. */
export function reportOf(measured: Measured, { seconds, rounds, jobs }: Extent): Report {
  const { ours, peer } = measured;
  return {
    what: `azureml-emulator: ${CLIENTS} clients with one job GET a second each, ${LISTINGS_PER_SECOND} listings of ${jobs} jobs a second; open loop, ${rounds} rounds in turn, ${seconds} s a side`,
    versions: machine(['azurite']),
    heads: ['', 'emulator', 'azurite'],
    rows: rowsOf(ours, peer),
    notes: notesOf(measured),
    bars: barsOf(measured),
    line: lineOf(measured, jobs),
  };
}

function rowsOf(...sides: [Round[], Round[]]): Cell[][] {
  const row = (name: string, figureOf: (rounds: Round[]) => number | null): Cell[] => [name, ...sides.map(figureOf)];
  const latency = (kind: Kind, percent: number) => (rounds: Round[]) => together(rounds, kind).percentile(percent);
  return [
    row('GET, p50 ms', latency('gets', 50)),
    row('GET, p99 ms', latency('gets', 99)),
    row('GET, slowest ms', latency('gets', 100)),
    row('listing, p50 ms', latency('listings', 50)),
    row('listing, p99 ms', latency('listings', 99)),
    row('GETs answered', (rounds) => together(rounds, 'gets').count),
    row('listings read whole', (rounds) => together(rounds, 'listings').count),
    row('failed', failed),
    row('MB/s of bodies', (rounds) => sum(rounds, ({ outcome }) => outcome.bytes) / MB / measuredSeconds(rounds)),
    row('processor, share of a core', processorShare),
    row('sent late by the generator, p99 ms', (rounds) =>
      Samples.together(rounds.map(({ outcome }) => Samples.of(outcome.sentLate))).percentile(99),
    ),
  ];
}

function notesOf({ ours, sizes, limited, usage }: Measured): string[] {
  const pages = `${sizes.pages.length} pages of up to ${figure(Math.max(...sizes.pages) / 1000)} kB`;
  return [
    `A job is ${figure(sizes.job / 1000)} kB, a listing ${pages}; latency counts from the moment a request was due. Two jobs a second change meanwhile.`,
    'Nobody else emulates Azure ML: the peer is Azurite, with blobs of the same sizes over HTTPS. It is there for scale and has no bar.',
    `Memory of the emulator: ${figure(usage.rss / MB)} MB at the end, ${figure(usage.peakRss / MB)} MB at most since its start.`,
    `Limits on: ${limited.letThrough} reads let through, ${limited.refused} refused with 429, ${limited.refusedWithRetryAfter} of these with Retry-After.`,
    ...Object.entries(failures(ours)).map(([reason, times]) => `Failed: ${times} x ${reason}.`),
  ];
}

function barsOf({ ours, usage, limited }: Measured): Bar[] {
  return [
    { name: 'p99 of a GET', value: together(ours, 'gets').percentile(99), unit: 'ms', must: { below: P99_MS } },
    { name: 'peak memory of the emulator', value: usage.peakRss / MB, unit: 'MB', must: { below: MEMORY_MB } },
    { name: 'failed requests and listings', value: failed(ours), unit: 'requests', must: { below: 1 } },
    ...limitBars(limited),
  ];
}

function lineOf({ ours, peer, usage, limited }: Measured, jobs: number): string {
  const p99 = (rounds: Round[], kind: Kind): string => figure(together(rounds, kind).percentile(99));
  return `emulator: GET p99 ${p99(ours, 'gets')} ms (azurite ${p99(peer, 'gets')}), listing of ${jobs} p99 ${p99(ours, 'listings')} ms (azurite ${p99(peer, 'listings')}), peak memory ${figure(usage.peakRss / MB)} MB, ${failed(ours)} failed, limits on ${limited.refused} x 429, ${limited.letThrough} let through`;
}

type Kind = 'gets' | 'listings';

function together(rounds: Round[], kind: Kind): Samples {
  return Samples.together(rounds.map(({ outcome }) => Samples.of(outcome[kind].latencies)));
}

function failed(rounds: Round[]): number {
  return Object.values(failures(rounds)).reduce((total, times) => total + times, 0);
}

/** By reason: a status that is not 200, or what else went wrong. */
function failures(rounds: Round[]): Record<string, number> {
  const all: Record<string, number> = {};
  const kinds = rounds.flatMap(({ outcome }) => [outcome.gets, outcome.listings]);
  for (const [reason, times] of kinds.flatMap(({ statuses, failures: others }) => [
    ...entries(statuses),
    ...entries(others),
  ])) {
    // A status of 0 is told by the reason of the connection.
    if (reason !== '200' && reason !== '0') all[reason] = (all[reason] ?? 0) + times;
  }
  return all;
}

function entries(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts);
}

function measuredSeconds(rounds: Round[]): number {
  return sum(rounds, ({ seconds }) => seconds);
}

// Of the whole round, warm-up included, as both are.
function processorShare(rounds: Round[]): number {
  return sum(rounds, ({ cpuSeconds }) => cpuSeconds) / sum(rounds, ({ outcome }) => outcome.elapsed);
}

function sum(rounds: Round[], value: (round: Round) => number): number {
  return rounds.reduce((total, round) => total + value(round), 0);
}
