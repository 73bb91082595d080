import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Shard } from '../manifest.js';
import { blockHashes } from '../shards/block-hashes.js';
import { encodeShard, type ShardSample, type StaticMasks } from '../shards/shard.js';
import type { OldSample } from './pickle/read.js';

export interface ShardWriterOptions {
  /** Folder that the dataset lies in. */
  readonly dir: string;
  /** Path of a shard within the dataset, by its index. */
  readonly path: (index: number) => string;
  readonly samplesPerShard: number;
  /** Names the randomness of a sample's masks, by its place in the file. */
  readonly origin: (sample: number) => string;
  readonly masks: StaticMasks | undefined;
}

/** Writes samples as shards while they come, holding those of one shard at a time. */
export class ShardWriter {
  readonly shards: Shard[] = [];
  samples = 0;
  randomNext = 0;
  private tokens = new Uint16Array(1 << 16);
  private end = 0;
  private waiting: ShardSample[] = [];

  constructor(private readonly options: ShardWriterOptions) {}

  /** Whether enough samples wait for a shard to be written. */
  get isFull(): boolean {
    return this.waiting.length >= this.options.samplesPerShard;
  }

  add({ tokens, aStart, aEnd, bStart, bEnd, isRandomNext }: OldSample): void {
    const start = this.end;
    this.append(tokens, aStart, aEnd);
    const middle = this.end;
    this.append(tokens, bStart, bEnd);
    const origin = this.options.origin(this.samples++);
    this.waiting.push({ aStart: start, aEnd: middle, bStart: middle, bEnd: this.end, isRandomNext, origin });
    if (isRandomNext) this.randomNext++;
  }

  /** Writes the samples that wait as a shard; without any, nothing. */
  async flush(): Promise<void> {
    if (this.waiting.length === 0) return;
    const { dir, path, masks } = this.options;
    const file = path(this.shards.length);
    const content = encodeShard(this.waiting, this.tokens, masks);
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const [samples, bytes, blocks] = [this.waiting.length, content.length, blockHashes(content)];
    this.shards.push({ file, samples, tokens: this.end, bytes, sha256, blocks });
    this.waiting = [];
    this.end = 0;
  }

  private append(tokens: Uint16Array, from: number, to: number): void {
    const needed = this.end + to - from;
    if (needed > this.tokens.length) {
      const larger = new Uint16Array(Math.max(needed, 2 * this.tokens.length));
      larger.set(this.tokens.subarray(0, this.end));
      this.tokens = larger;
    }
    this.tokens.set(tokens.subarray(from, to), this.end);
    this.end = needed;
  }
}
