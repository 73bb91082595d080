import { rmSync } from 'node:fs';
import { bertha, installation } from '../installation.js';
import { type AzureUrls, type Rehearsal, startAzure } from './azure.js';
import { untilAzuriteSaved } from './azurite-saved.js';
import { type FolderOptions, takeFolder } from './folder.js';
import type { StackPlaces } from './places.js';
import { type Part, type PartSpec, startPart, startTime, stopPart } from './processes.js';
import { startTemporal } from './temporal.js';
import { writeWhole } from './whole.js';

export interface StackOptions extends FolderOptions, Rehearsal {
  readonly worker?: boolean;
}

/** A part of the stack that can be killed and started again. */
export type PartName = 'temporal' | 'azurite' | 'azureml' | 'worker';

/** The local stack: a real Temporal server, Azurite, the Azure ML emulator and a worker, each a process of its own. */
export interface Stack {
  readonly name: string;
  readonly places: StackPlaces;
  readonly temporalAddress: string;
  readonly uiUrl: string;
  readonly azureMlUrl: string;
  readonly blobUrl: string;
  /** Starts the worker, in place of one that runs. @param script a worker program of one's own; tests have one that kills itself */
  startWorker(script?: string): Promise<void>;
  /** SIGKILL, as a machine that dies does it. Returns when the part is gone. */
  kill(name: PartName): Promise<void>;
  /** Starts a part again that was killed: on the same ports, with the same files. @throws PartError */
  revive(name: PartName): Promise<void>;
  /** Returns when the worker has ended by itself. */
  workerExit(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the stack. What an earlier one left (after kill -9, say) is reaped first, by recorded pid and start time.
 * @throws PartError with one sentence where a part does not come up or the stack is up already
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const places = takeFolder(options);
  const parts: Part[] = [];
  try {
    const [temporal, azure] = await Promise.all([startTemporal(places, parts), startAzure(places, parts, options)]);
    const stack = assemble(options.name, places, parts, { ...azure, ...temporal });
    if (options.worker !== false) await stack.startWorker();
    writeWhole(places.stackFile, JSON.stringify(stackRecord(stack), null, 2));
    return stack;
  } catch (error) {
    for (const part of parts.reverse()) await stopPart(places, part);
    throw error;
  }
}

function assemble(
  name: string,
  places: StackPlaces,
  parts: Part[],
  urls: AzureUrls & { temporalAddress: string; uiUrl: string },
): Stack {
  const find = (wanted: PartName) => parts.find((part) => part.name === wanted);
  const replace = (part: Part) => {
    const index = parts.findIndex((one) => one.name === part.name);
    parts.splice(index === -1 ? parts.length : index, 1, part);
  };
  return {
    name,
    places,
    ...urls,
    async startWorker(script = bertha('build', 'worker.js')) {
      const before = find('worker');
      if (before !== undefined) await stopPart(places, before, 3);
      replace((await startPart(places, workerSpec(places, script))).part);
    },
    async kill(wanted) {
      const part = find(wanted);
      if (wanted === 'azurite') await untilAzuriteSaved(places);
      if (part !== undefined) await stopPart(places, part, 0, 'SIGKILL');
    },
    async revive(wanted) {
      const part = find(wanted);
      if (part !== undefined) replace((await startPart(places, part.spec)).part);
    },
    async workerExit() {
      const child = find('worker')?.child;
      const alive = child !== undefined && child.exitCode === null && child.signalCode === null;
      if (alive) await new Promise<void>((resolve) => child.once('exit', () => resolve()));
    },
    async stop() {
      rmSync(places.stackFile, { force: true });
      const worker = find('worker');
      if (worker !== undefined) await stopPart(places, worker, 3);
      await Promise.all(parts.map((part) => stopPart(places, part)));
    },
  };
}

function workerSpec(places: StackPlaces, script: string): PartSpec {
  return {
    name: 'worker',
    command: process.execPath,
    args: [script],
    env: { TEMPORAL_CONFIG_FILE: places.temporalProfile, BERTHA_CLOUDS_DIR: places.folder, BERTHA_HOME: installation },
    ready: (line) => (line.startsWith('worker ') ? line : null),
    readyWithinSeconds: 60,
  };
}

function stackRecord(stack: Stack): unknown {
  const { name, uiUrl, azureMlUrl, blobUrl } = stack;
  return {
    name,
    pid: process.pid,
    startedAt: startTime(process.pid),
    temporal: { address: stack.temporalAddress, uiUrl },
    azureMlUrl,
    blobUrl,
  };
}
