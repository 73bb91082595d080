import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAzure } from '../../azure/connection.js';
import { BerthaClient, type RunReport } from '../../client.js';
import { bertha } from '../../installation.js';
import type { RunConfig } from '../../domain/config.js';
import { loadConfig } from '../../recipes/load.js';
import { killStack } from '../../stack/recorded.js';
import { startStack } from '../../stack/stack.js';
import { tools } from '../../stack/places.js';
import { temporalTarget } from '../../temporal/connection.js';
import { root } from '../house/root.js';

const STACK = 'soak-examples';
const NAMES = ['plain', 'huggingface'] as const;

/** For the list of soaks. */
export const about =
  'the example trainers under bertha: each loses a node and ends with the weights of a run that lost none';

/**
 * Each example by its config alone, once undisturbed and once with a node taken in the midst of it. Holds where both complete, the second in more than
 * one attempt and not from the start, with equal weights. @returns exit code
 */
export async function main(args: string[]): Promise<number> {
  const names = args.length === 0 ? NAMES : NAMES.filter((name) => args.includes(name));
  const folder = bertha('stacks', STACK);
  mkdirSync(folder, { recursive: true });
  const scenario = bertha('soak-examples.scenario.yaml');
  writeFileSync(scenario, scenarioOf(names));
  const stack = await startStack({ name: STACK, fresh: true, scenario, onProgress: console.log });
  process.once('SIGINT', () => {
    killStack(stack.places);
    process.exit(130);
  });
  process.env['BERTHA_CLOUDS_DIR'] = stack.places.folder;
  const client = await BerthaClient.connect(temporalTarget(STACK));
  try {
    const holds: boolean[] = [];
    for (const name of names) holds.push(await tried(client, name));
    return holds.length > 0 && holds.every(Boolean) ? 0 : 1;
  } finally {
    await client.close();
    await stack.stop();
  }
}

/** Node 0 of the first job goes once half of the steps are reported. */
function scenarioOf(names: readonly string[]): string {
  const rules = names.map((name) => {
    const half = Math.floor((configOf(name).phases[0]?.steps ?? 0) / 2);
    return `  - when: { job: ${name}-p1-a001, blob: '*/heartbeat.json', json: { path: step, atLeast: ${half} } }
    do: { evict: { node: 0, face: failed } }`;
  });
  return `rules:\n${rules.join('\n')}\n`;
}

const configOf = (name: string): RunConfig => loadConfig(join(root, 'training', 'examples', `${name}.yaml`));

async function tried(client: BerthaClient, name: string): Promise<boolean> {
  const config = name === 'huggingface' ? withItsPackages(configOf(name)) : configOf(name);
  const weights: string[] = [];
  const reports: RunReport[] = [];
  for (const run of [name, `${name}-calm`]) {
    await client.startRun({ ...config, name: run });
    const report = await client.result(run);
    reports.push(report);
    if (report.outcome === 'completed') weights.push(await weightsOf(config, report));
  }
  const attempts = reports[0]?.phases[0]?.attempts ?? [];
  const resumed = attempts.at(-1)?.resumedFromStep ?? 0;
  const holds = weights.length === 2 && weights[0] === weights[1] && attempts.length > 1 && resumed > 0;
  const outcomes = reports.map(({ outcome }) => outcome).join(' and ');
  console.log(
    `${name}: ${outcomes}, ${attempts.length} attempts (${attempts.map(({ ending }) => ending).join(', ')}), resumed behind step ${resumed}, weights ${weights[0] === weights[1] ? 'equal' : 'DIFFERENT'}: ${holds ? 'holds' : 'BROKEN'}`,
  );
  return holds;
}

async function weightsOf({ azure, storage }: RunConfig, report: RunReport): Promise<string> {
  const store = connectAzure(azure).container(storage.account, storage.container);
  return (await store.sha256(`${report.model?.path ?? ''}/model.safetensors`)).sha256;
}

/** On Azure the environment has them; here they are installed aside, by hash, and only this trainer is told where. */
function withItsPackages(config: RunConfig): RunConfig {
  const list = (file: string) => blocks(readFileSync(join(root, 'training', file), 'utf8'));
  const there = new Set(list('requirements.txt').map(nameOf));
  const missing = list(join('examples', 'requirements-huggingface.txt')).filter((block) => !there.has(nameOf(block)));
  const [file, place] = [bertha('soak-examples.txt'), bertha('examples')];
  writeFileSync(file, missing.join(''));
  const { python, uv } = tools() as ReturnType<typeof tools> & { readonly uv: string };
  const exactly = ['--no-deps', '--require-hashes', '-r', file];
  execFileSync(uv, ['pip', 'install', '--quiet', '--python', python, '--target', place, ...exactly], {
    stdio: 'inherit',
  });
  return { ...config, trainer: { ...config.trainer, environmentVariables: { PYTHONPATH: place } } };
}

/** The packages of a locked file, each with its hashes. */
const blocks = (text: string): string[] => text.split(/^(?=\S)/m).filter((block) => /^[\w.-]+==/.test(block));
const nameOf = (block: string): string => block.split('==')[0] ?? '';
