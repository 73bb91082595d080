import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Failure } from '../failure.js';

const step = z.int().min(0);
const later = z.int().min(1).optional().describe('It waits until the scene is so many steps old.');
const title = z.string().min(1).describe('What it is called in the table at the end.');

const evict = z.strictObject({
  evict: z
    .looseObject({ face: z.string().min(1), node: z.union([z.int().min(0), z.literal('all')]).optional() })
    .describe('An eviction of the emulator; of the job that is open then.'),
  later,
});
const kill = z.strictObject({
  kill: z.enum(['worker', 'temporal', 'azurite', 'azureml']).describe('SIGKILL to this part of the stack.'),
  seconds: z
    .number()
    .min(0)
    .describe('After so many seconds it is started again; the storage not before its absence was noticed.'),
  later,
});
const fault = z.strictObject({
  fault: z
    .strictObject({ requests: z.array(z.looseObject({})).optional(), storage: z.array(z.looseObject({})).optional() })
    .describe('Faults of the emulator, in force from now on.'),
  is: title,
  later,
});

const scene = z.strictObject({
  step: step.describe('It begins when the run trains at this step, and the scene before has been noticed.'),
  say: z.string().min(1).describe('What the screen says.'),
  do: z
    .array(z.union([evict, kill, fault]))
    .min(1)
    .describe('One after the other.'),
});

const schema = z.strictObject({
  config: z.string().min(1).describe('The run, a file beside this one.'),
  speed: z.number().min(1).default(1).describe("Of the emulator's clock."),
  scenes: z.array(scene).min(1),
});

/** What a rehearsal does to a run, configs/harsh.scenario.yaml. */
export type Scenario = z.output<typeof schema>;
export type Scene = Scenario['scenes'][number];
export type Deed = Scene['do'][number];

/** @returns null for a scenario of the emulator, which has no scenes @throws Failure usage with one sentence naming the field */
export function readScenario(file: string): Scenario | null {
  const document = read(file);
  const hasScenes = typeof document === 'object' && document !== null && 'scenes' in document;
  if (!hasScenes) return null;
  const parsed = schema.safeParse(document);
  if (parsed.success) return { ...parsed.data, config: resolve(dirname(file), parsed.data.config) };
  const { path = [], message = '' } = parsed.error.issues[0] ?? {};
  throw new Failure('usage', `the scenario ${file} is wrong at ${path.join('.') || 'its top'}: ${message}`);
}

/** What is done, in two or three words. */
export function deedTitle(deed: Deed): string {
  if ('kill' in deed) return `kill -9 of ${partNames[deed.kill]}`;
  return 'evict' in deed ? `preemption: ${deed.evict.face}` : deed.is;
}

/** What is being done, for the screen. */
export function deedSentence(deed: Deed): string {
  if ('kill' in deed)
    return `kill -9 of ${partNames[deed.kill]}; in ${deed.seconds} s it is started again, same port, same files`;
  if ('fault' in deed) return `from now on: ${deed.is}`;
  const { face, node } = deed.evict;
  const nodes = node === 'all' ? 'all nodes' : node === undefined ? 'a node' : `node ${node}`;
  return `taking ${nodes} of the job, face "${face}"`;
}

export const partNames = {
  worker: 'the worker',
  temporal: 'the Temporal server',
  azurite: 'the storage (Azurite)',
  azureml: 'Azure ML (the emulator)',
} as const;

function read(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const why = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
    throw new Failure('usage', `the scenario ${file} cannot be read: ${why}`, { cause });
  }
}
