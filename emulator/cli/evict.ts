import { InvalidArgumentError, Option, type Command } from 'commander';

import { FACES, FACE_NAMES } from '../faces/faces.js';
import { post } from './ask.js';
import { findRunning } from './running.js';
import { amount } from './values.js';

interface EvictFlags {
  url?: string;
  job: string;
  node?: number | 'all';
  face: string;
  warning?: number;
  backAfter?: number;
  ca?: string;
}

/** `azureml-emulator evict`: takes a node of a running job away. */
export function addEvict(program: Command): void {
  const faces = FACE_NAMES.map((name) => `${name}: ${FACES[name].sentence}`).join('; ');
  program
    .command('evict')
    .description('take a node of a job away, as a preemption does')
    .option('--url <url>', 'address of the running emulator (default: the one that runs)')
    .requiredOption('--job <name>', 'the job')
    .option('--node <k>', 'which node, from 0, or "all" (default: the last)', nodeNumber)
    .addOption(new Option('--face <face>', `how it shows itself; ${faces}`).choices(FACE_NAMES).default('failed'))
    .option('--warning <s>', 'seconds between SIGTERM and the end of the node (default: no warning)', amount)
    .option('--back-after <s>', 'seconds until machines, or a node that does not respond, are back', amount)
    .option('--ca <file>', "the emulator's ca.pem; without it the certificate of this loopback service is not checked")
    .action(evictJob);
}

async function evictJob({ url, ca, ...what }: EvictFlags): Promise<void> {
  const at = url === undefined ? findRunning() : { url, caFile: ca };
  const answer = await post(new URL('/_emulator/evict', at.url), JSON.stringify(what), ca ?? at.caFile);
  const body = JSON.parse(answer.text) as { done?: string; error?: { message: string } };
  if (answer.status !== 200) throw new Error(body.error?.message ?? answer.text);
  process.stdout.write(`${body.done ?? ''}\n`);
}

function nodeNumber(text: string): number | 'all' {
  if (text === 'all') return text;
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Use a number from 0, or "all".');
}
