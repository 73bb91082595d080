import { hostname } from 'node:os';
import type { SourceIdentity } from '../../corpus/identity.js';
import { localFile } from '../../corpus/input/local.js';
import { findChanged } from '../../corpus/stages/piece-hashes.js';
import type { Plan } from '../../corpus/stages/plan.js';
import { type PreparationInput, sizeOf } from './input.js';
import { another, replaced } from './refusals.js';

/**
 * Two versions of an input are never mixed. What a server holds is told by its ETag; a file, of which each worker has its own, by the hashes of
 * the pieces that the task reads.
 * @param piece number of the piece that is to be read
 * @throws a final failure where it is another than was planned
 */
export async function requireSame(input: PreparationInput, plan: Plan, piece: number): Promise<void> {
  const { source } = input;
  const planned = plan.createdFrom['dump'] as SourceIdentity;
  if ('file' in source) return requireSameFile(source.file, planned, plan, piece);
  const now = await input.identity();
  const isSame = now.bytes === planned.bytes && now['etag'] === planned['etag'];
  if (!isSame) throw replaced('url' in source ? source.url.replace(/\?.*/, '') : source.name);
}

async function requireSameFile(file: string, { bytes }: SourceIdentity, plan: Plan, piece: number): Promise<void> {
  if ((await sizeOf(file)) !== bytes) throw another(file, null, hostname());
  const { pieces, pieceHashes } = plan;
  // Plans of before have none.
  if (pieceHashes === undefined) return;
  const changed = await findChanged(await localFile(file), { pieces, pieceHashes }, piece);
  if (changed !== undefined) throw another(file, changed, hostname());
}
