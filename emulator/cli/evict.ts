import { readFileSync } from 'node:fs';
import { request } from 'node:https';

import { Option, type Command } from 'commander';

import { FACES, FACE_NAMES } from '../faces/faces.js';

interface EvictFlags {
  url: string;
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
    .requiredOption('--url <url>', 'address of the running emulator')
    .requiredOption('--job <name>', 'the job')
    .option('--node <k>', 'which node, from 0, or "all" (default: the last)', nodeNumber)
    .addOption(new Option('--face <face>', `how it shows itself; ${faces}`).choices(FACE_NAMES).default('failed'))
    .option('--warning <s>', 'seconds between SIGTERM and the end of the node (default: no warning)', seconds)
    .option('--back-after <s>', 'seconds until machines, or a node that does not respond, are back', seconds)
    .option('--ca <file>', "the emulator's ca.pem; without it the certificate of this loopback service is not checked")
    .action(evictJob);
}

async function evictJob({ url, ca, ...what }: EvictFlags): Promise<void> {
  const answer = await post(new URL('/_emulator/evict', url), JSON.stringify(what), ca);
  const body = JSON.parse(answer.text) as { done?: string; error?: { message: string } };
  if (answer.status !== 200) throw new Error(body.error?.message ?? answer.text);
  process.stdout.write(`${body.done ?? ''}\n`);
}

function post(url: URL, text: string, ca: string | undefined): Promise<{ status: number; text: string }> {
  const trust = ca === undefined ? { rejectUnauthorized: false } : { ca: readFileSync(ca) };
  return new Promise((done, failed) => {
    const call = request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json' }, ...trust },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => done({ status: response.statusCode ?? 0, text: body }));
      },
    );
    call.once('error', (error) =>
      failed(new Error(`No emulator answers at ${url.origin}: ${error.message}`, { cause: error })),
    );
    call.end(text);
  });
}

function nodeNumber(text: string): number | 'all' {
  if (text === 'all') return text;
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`"${text}" is no node: use a number from 0, or "all".`);
}

function seconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && text.trim() !== '') return value;
  throw new Error(`"${text}" is no number of seconds of 0 or more.`);
}
