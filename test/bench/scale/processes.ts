import { type Usage, usageOf } from '../harness/process.js';
import type { Stage } from './stage.js';

export const PARTS = ['worker', 'temporal', 'azureml', 'azurite', 'bench'] as const;
export type PartName = (typeof PARTS)[number];
export type Snapshot = { readonly at: number } & Readonly<Record<PartName, Usage>>;

/** What every process has used so far. */
export function snapshot(stage: Stage): Snapshot {
  const pid = (part: PartName) => (part === 'bench' ? process.pid : stage.pid(part));
  const used = Object.fromEntries(PARTS.map((part) => [part, usageOf(pid(part))])) as Record<PartName, Usage>;
  return { at: Date.now(), ...used };
}

/** Cores that a process kept busy between two moments. */
export const cores = (part: PartName, from: Snapshot, until: Snapshot): number =>
  (until[part].cpuSeconds - from[part].cpuSeconds) / ((until.at - from.at) / 1000);
