import { createHash } from 'node:crypto';
import type { Block } from '../../domain/copy/blocks.js';
import { crc64, crc64Of } from '../../domain/copy/crc64.js';
import { Refused, patiently } from './patience.js';
import { DamagedSource, type SourceBlob } from './source.js';
import type { CopyTools } from './tools.js';
import type { Wanted } from './wanted.js';

/** CRC64 by the index of the block, of those that the service, or we, have computed. */
export type Checksums = Map<number, bigint>;

/** Sends all blocks, as many at once as the account's pace allows. The first failure calls the others off; it is thrown when all have ended. */
export async function sendAll(
  blocks: readonly Block[],
  wanted: Wanted,
  version: SourceBlob,
  tools: CopyTools,
): Promise<Checksums> {
  const sums: Checksums = new Map();
  const failed = new AbortController();
  const signal = AbortSignal.any([tools.signal, failed.signal]);
  let first: unknown;
  const sending = blocks.map(async (block) => {
    try {
      const sum = await sendBlock(block, wanted, version, { ...tools, signal });
      if (sum !== null) sums.set(block.index, sum);
      tools.onNews({ kind: 'acknowledged', to: wanted.to, block });
    } catch (error) {
      if (!failed.signal.aborted) first = error;
      failed.abort();
      throw error;
    }
  });
  const ended = await Promise.allSettled(sending);
  if (ended.some(({ status }) => status === 'rejected')) throw first;
  return sums;
}

/** Damage on the way is asked for again; then the source's own bytes are looked at. */
const MOST_DAMAGED = 3;

async function sendBlock(block: Block, wanted: Wanted, version: SourceBlob, tools: CopyTools): Promise<bigint | null> {
  for (let damaged = 1; ; damaged++) {
    try {
      return await sendOnce(block, wanted, version, tools);
    } catch (error) {
      if (!(error instanceof Refused) || error.kind !== 'damaged') throw error instanceof Refused ? error.azure : error;
      if (damaged < MOST_DAMAGED) continue;
      const bytes = await patiently(
        `reading ${version.path}`,
        (signal) => readBlock(block, version, tools, signal),
        tools,
      );
      refuseDamaged(block, wanted, createHash('md5').update(bytes).digest());
      throw error.azure;
    }
  }
}

async function sendOnce(block: Block, wanted: Wanted, version: SourceBlob, tools: CopyTools): Promise<bigint | null> {
  const { source, target, carrying, onNews } = tools;
  const { from, to } = wanted;
  const { access } = source;
  if (access === null) return carrying.turn(() => carryBlock(block, wanted, version, tools), tools.signal);
  const md5 = wanted.known?.md5[block.index];
  const pull = async (signal: AbortSignal) => {
    // Asked for anew with each try: a signature never grows old in a queue.
    const entry = await access(from, signal);
    onNews({ kind: 'sent', to, block });
    const hash = md5 === undefined ? null : Buffer.from(md5, 'hex');
    return target.pull(to, block, { access: entry, etag: version.etag, md5: hash }, signal);
  };
  const sum = await patiently(`copying block ${block.index} of ${from}`, pull, tools);
  return sum === null ? null : crc64Of(sum);
}

async function carryBlock(block: Block, wanted: Wanted, version: SourceBlob, tools: CopyTools): Promise<bigint | null> {
  const { target, onNews } = tools;
  const { to } = wanted;
  const bytes = await patiently(`reading ${version.path}`, (signal) => readBlock(block, version, tools, signal), tools);
  const md5 = createHash('md5').update(bytes).digest();
  refuseDamaged(block, wanted, md5);
  const push = (signal: AbortSignal) => {
    onNews({ kind: 'sent', to, block });
    return target.push(to, block, bytes, md5, signal);
  };
  await patiently(`uploading block ${block.index} of ${to}`, push, tools);
  return wanted.crc64 === true ? crc64(bytes) : null;
}

const readBlock = ({ offset, bytes }: Block, version: SourceBlob, { source }: CopyTools, signal: AbortSignal) =>
  source.read(version, offset, bytes, signal);

function refuseDamaged({ index, offset, bytes }: Block, { from, known }: Wanted, md5: Buffer): void {
  const says = known?.md5[index];
  const has = md5.toString('hex');
  if (says === undefined || has === says) return;
  const [short, expected] = [has.slice(0, 12), says.slice(0, 12)];
  throw new DamagedSource(
    from,
    `MD5 of the ${bytes} bytes from ${offset} on is ${short}..., its manifest says ${expected}...`,
  );
}
