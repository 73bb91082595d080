import { type Block, blockBytesFor, blocksOf } from '../../domain/copy/blocks.js';
import { crc64Text } from '../../domain/copy/crc64.js';
import { whatIsLeft } from '../../domain/copy/left.js';
import { AzureError } from '../errors.js';
import { checksumOf } from './checksum.js';
import { Refused, patiently } from './patience.js';
import { sendAll } from './send.js';
import { DamagedSource, type SourceBlob, SourceChanged } from './source.js';
import type { TargetBlob } from './target.js';
import type { CopyTools } from './tools.js';
import { type Wanted, crc64In, isDone, propertiesOf } from './wanted.js';

export interface CopiedBlob {
  readonly path: string;
  readonly bytes: number;
  readonly sourceEtag: string;
  /** False where the destination had it already. */
  readonly fresh: boolean;
  /** Null where it was not asked for. */
  readonly crc64: string | null;
}

/** Then the whole copy is repeated: a source that is written all the time cannot be copied. */
const MOST_VERSIONS = 4;

/**
 * Copies one blob by blocks, all of one version of its source. What the service has of it is not sent again, whoever sent it; a source that
 * changes midway makes the blob start anew. Nothing of a blob is to be seen before all of it is there. Safe to repeat, and to run twice at once.
 * @throws DamagedSource where the source is not what the manifest says; AzureError
 */
export async function copyBlob(wanted: Wanted, tools: CopyTools): Promise<CopiedBlob> {
  for (let versions = 1; ; versions++) {
    try {
      return await copyVersion(wanted, await versionOf(wanted, tools), tools);
    } catch (error) {
      if (!(error instanceof SourceChanged)) throw error;
      tools.onNews({ kind: 'restarted', to: wanted.to });
      const text = `the source blob ${wanted.from} changed ${MOST_VERSIONS} times while it was copied; copying it again`;
      if (versions >= MOST_VERSIONS) throw new AzureError('transient', text, { cause: error });
    }
  }
}

async function versionOf({ from, known }: Wanted, tools: CopyTools): Promise<SourceBlob> {
  const { source } = tools;
  const found = await patiently(`looking at ${from}`, (signal) => source.look(from, signal), tools);
  if (found === null) throw new AzureError('not-found', `the source blob ${from} does not exist in ${source.name}`);
  if (known === null || known.bytes === found.bytes) return found;
  throw new DamagedSource(from, `it has ${found.bytes} bytes, its manifest says ${known.bytes}`);
}

async function copyVersion(wanted: Wanted, version: SourceBlob, tools: CopyTools): Promise<CopiedBlob> {
  const { target, onNews } = tools;
  const { to } = wanted;
  const blockBytes = wanted.known?.blockBytes ?? blockBytesFor(version.bytes, wanted.blockBytes);
  const outcome = { path: to, bytes: version.bytes, sourceEtag: version.etag };
  const before = await look(to, tools);
  if (before !== null && isDone(before, wanted, version, blockBytes)) {
    onNews({ kind: 'kept', to, bytes: version.bytes });
    return { ...outcome, fresh: false, crc64: crc64In(before) };
  }
  const blocks = blocksOf(version, blockBytes);
  const { there, left, clearedBefore } = await found(to, blocks, before, tools);
  for (const block of there) onNews({ kind: 'there', to, block });
  const sums = await sendAll(left, wanted, version, tools);
  const crc64 = wanted.crc64 === true ? await checksumOf(blocks, sums, version, tools) : null;
  const done = () => look(to, tools).then((now) => isDone(now, { ...wanted, anew: false }, version, blockBytes));
  try {
    await asPlanned(to, blocks, tools);
    const properties = propertiesOf(wanted, version, blockBytes, crc64);
    const commit = (signal: AbortSignal) => target.commit(to, blocks, properties, clearedBefore, signal);
    await patiently(`putting ${to} together`, commit, tools);
  } catch (error) {
    // An answer that was lost, or another worker that was faster: what counts is what stands there.
    if (!(error instanceof Refused) || !(await done())) throw error instanceof Refused ? notTogether(error) : error;
  }
  onNews({ kind: 'committed', to, bytes: version.bytes });
  return { ...outcome, fresh: true, crc64: crc64 === null ? null : crc64Text(crc64) };
}

const look = (to: string, tools: CopyTools) =>
  patiently(`looking at ${to}`, (signal) => tools.target.look(to, signal), tools);

/** What the service has of the blocks; leftovers that stand in the way are cleared first. */
async function found(
  to: string,
  blocks: readonly Block[],
  before: TargetBlob | null,
  tools: CopyTools,
): Promise<{ there: readonly Block[]; left: readonly Block[]; clearedBefore: TargetBlob | null }> {
  const { target } = tools;
  const listed = await patiently(`listing blocks of ${to}`, (signal) => target.uncommitted(to, signal), tools);
  const { there, left, clashing } = whatIsLeft(blocks, listed);
  if (!clashing) return { there, left, clearedBefore: before };
  await patiently(`clearing ${to}`, (signal) => target.clear(to, before, signal), tools).catch((error: unknown) => {
    throw error instanceof Refused ? notTogether(error) : error;
  });
  return { there: [], left: blocks, clearedBefore: null };
}

/** A service that shortens a range in silence would else give a blob that lacks bytes. */
async function asPlanned(to: string, blocks: readonly Block[], tools: CopyTools): Promise<void> {
  const listed = await patiently(`listing blocks of ${to}`, (signal) => tools.target.uncommitted(to, signal), tools);
  const { left } = whatIsLeft(blocks, listed);
  if (left.length === 0) return;
  const text = `${left.length} of the ${blocks.length} blocks of ${to} are not there in the size that was asked for; copying them again`;
  throw new Refused('blocks', text, new AzureError('transient', text));
}

/** Two workers at the same blob: whoever is late looks again. */
function notTogether({ azure }: Refused): AzureError {
  return new AzureError('transient', azure.message, { cause: azure });
}
