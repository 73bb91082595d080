import { createHash } from 'node:crypto';
import { MissingFileError, readWhole } from '../files/files.js';
import type { Shard } from '../manifest.js';
import { comesBefore, originOf, type Sample } from '../samples.js';
import { blockHashes } from '../shards/block-hashes.js';
import { encodeShard, type StaticMasks } from '../shards/shard.js';
import { describeShard } from '../shards/describe.js';
import { number5, setName, type Plan } from './plan.js';
import { groupsFile, splitPath, type Group } from './layout.js';
import { samplesFile } from './pairs.js';
import { recordsOf } from './record.js';
import { readVocabulary } from './vocabulary.js';
import { inOrder, type Workshop } from './workshop.js';

/** The shards of a group, in order. */
export interface ShardsDone {
  readonly set: number;
  readonly split: Group['split'];
  readonly shards: readonly Shard[];
}

/** Gathers the samples of a group from all pieces, sorts them by key and writes them as shards into the dataset. */
export async function writeShards(number: number, plan: Plan, shop: Workshop): Promise<ShardsDone> {
  const groups = JSON.parse(Buffer.from(await readWhole(shop.work, groupsFile)).toString('utf8')) as Group[];
  const group = groups[number] as Group;
  const parts = await inOrder(plan.pieces.length, 8, (piece) => bucketsOf(piece, group, plan, shop));
  const bytes = Buffer.concat(parts);
  const tokens = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const samples = [...recordsOf(bytes)].sort(comesBefore).slice(group.passOver, group.passOver + group.samples);
  const masks = group.split === 'train' ? undefined : await masksOf(group, plan, shop);
  const { samplesPerShard } = plan.options;
  const shards: Shard[] = [];
  for (let start = 0; start < samples.length; start += samplesPerShard) {
    const part = samples.slice(start, start + samplesPerShard);
    shards.push(
      await writeShard(
        part,
        tokens,
        `${splitPath(group, plan)}/shard-${number5(group.firstShard + shards.length)}.safetensors`,
        masks,
        shop,
      ),
    );
    shop.tell({ samples: start + part.length });
    await shop.breathe();
  }
  return { set: group.set, split: group.split, shards };
}

async function writeShard(
  samples: readonly Sample[],
  tokens: Uint16Array,
  file: string,
  masks: StaticMasks | undefined,
  shop: Workshop,
): Promise<Shard> {
  const named = masks === undefined ? samples : samples.map((sample) => ({ ...sample, origin: originOf(sample) }));
  const content = encodeShard(named, tokens, masks);
  await shop.out.write(file, content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { file, bytes: content.length, sha256, blocks: blockHashes(content), ...describeShard(samples) };
}

/** A piece's records of the buckets that the group takes. */
async function bucketsOf(piece: number, group: Group, plan: Plan, { work }: Workshop): Promise<Buffer> {
  const path = samplesFile(plan.options.sequenceLengths[group.set] as number, piece, group.split);
  const index = await work.read(path, 8 * group.firstBucket, 8 * (group.endBucket + 1));
  if (index === null) throw new MissingFileError(path);
  const places = Buffer.from(index.buffer, index.byteOffset, index.byteLength);
  const [from, to] = [places.readDoubleLE(0), places.readDoubleLE(places.length - 8)];
  const records = from === to ? new Uint8Array(0) : await work.read(path, from, to);
  if (records === null) throw new MissingFileError(path);
  return Buffer.from(records.buffer, records.byteOffset, records.byteLength);
}

async function masksOf({ set }: Group, { options }: Plan, shop: Workshop): Promise<StaticMasks> {
  const { special, pieces } = await readVocabulary(shop);
  return {
    seed: options.seed,
    set: setName(options.sequenceLengths[set] as number),
    probability: options.maskProbability,
    maskId: special.mask,
    vocabularySize: pieces.length,
    specialIds: new Set(Object.values(special)),
  };
}
