import { join } from 'node:path';

import type { NodeInput, NodeSpec } from '../nodes/messages.js';
import type { BlobPlace } from '../storage/place.js';
import { downloadFile, downloadFolder } from './download.js';

/** Puts the code in place. @throws Error with a sentence when there is none */
export async function fetchCode(spec: NodeSpec, folder: string): Promise<void> {
  if (spec.code === null) return;
  const count = await downloadFolder(spec.code, folder);
  if (count === 0) throw new Error(`The code asset at ${addressOf(spec.code)} holds no files.`);
}

/**
 * Fetches every input to the node's disk.
 *
 * @returns what the expressions `${{inputs.NAME}}` stand for: paths, addresses of direct inputs, and literals
 * @throws Error with a sentence naming the input that is not there
 */
export async function fetchInputs(spec: NodeSpec, folder: string): Promise<Record<string, string>> {
  const values: Record<string, string> = { ...spec.literals };
  for (const input of spec.inputs) {
    values[input.name] = input.mode === 'direct' ? input.uri : await fetchInput(input, join(folder, input.name));
  }
  return values;
}

async function fetchInput(input: NodeInput, folder: string): Promise<string> {
  if (input.kind === 'file') return fetchOne(input, folder);
  const count = await downloadFolder(input.place, folder);
  if (count === 0) throw missing(input);
  return folder;
}

async function fetchOne(input: NodeInput, folder: string): Promise<string> {
  try {
    return await downloadFile(input.place, folder);
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) throw missing(input);
    throw error;
  }
}

function missing(input: NodeInput): Error {
  return new Error(`Input "${input.name}": there is nothing at ${input.uri} (${addressOf(input.place)}).`);
}

function addressOf(place: BlobPlace): string {
  return `${place.endpoint}/${place.container}/${place.prefix}`;
}
