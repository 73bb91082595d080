import { BlobServiceClient } from '@azure/storage-blob';
import { BlobContainer, type BlobInfo } from '../../../azure/blob.js';
import { AzureError } from '../../../azure/errors.js';
import { runFolder } from '../../../domain/paths.js';
import type { World } from '../world/world.js';
import { TrainerFiles } from './trainer-files.js';

interface Blob {
  readonly body: string;
  readonly etag: string;
}

/** The container of one run: what trainers write comes from the world, what the activities write is kept as they wrote it. */
export class WorldContainer extends BlobContainer {
  private readonly blobs = new Map<string, Blob>();
  private readonly trainers: TrainerFiles;
  private writes = 0;

  /** @param onAppend told of every line that is appended @param begin of the world, epoch milliseconds */
  constructor(
    private readonly world: World,
    run: string,
    private readonly onAppend: (lines: readonly string[]) => void,
    begin: () => number,
  ) {
    super(new BlobServiceClient('https://simulated.invalid'), 'simulated', 'simulated');
    this.trainers = new TrainerFiles(world, runFolder(run), begin);
  }

  /** What the activities wrote there, whether the storage answers or not. */
  peek(path: string): string | undefined {
    return this.blobs.get(path)?.body;
  }

  override ensure(): Promise<boolean> {
    return this.answer(() => true);
  }

  override exists(): Promise<boolean> {
    return this.answer(() => true);
  }

  override bytes(path: string): Promise<Buffer | null> {
    return this.answer(() => {
      const body = this.trainers.text(path) ?? this.blobs.get(path)?.body;
      return body === undefined ? null : Buffer.from(body);
    });
  }

  override info(path: string): Promise<BlobInfo | null> {
    return this.answer(() => this.all(path).find((one) => one.path === path) ?? null);
  }

  override list(prefix: string): Promise<BlobInfo[]> {
    return this.answer(() => this.all(prefix));
  }

  override folders(folder: string): Promise<string[]> {
    const prefix = `${folder}/`;
    return this.answer(() => {
      const inside = this.all(prefix).map(({ path }) => path.slice(prefix.length));
      return [...new Set(inside.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''))].sort();
    });
  }

  override write(
    path: string,
    content: string | Uint8Array,
    { onlyIfAbsent, onlyIfStill }: { onlyIfAbsent?: boolean; onlyIfStill?: string } = {},
  ): Promise<void> {
    return this.answer(() => {
      const found = this.blobs.get(path);
      const refused = (onlyIfAbsent === true && found !== undefined) || (onlyIfStill ?? found?.etag) !== found?.etag;
      if (refused) throw new AzureError('conflict', `writing ${path} failed (HTTP 412): ConditionNotMet`);
      const body = Buffer.from(content).toString('utf8');
      this.blobs.set(path, { body, etag: `w${++this.writes}` });
      this.trainers.written(path, body);
    });
  }

  override append(path: string, lines: string): Promise<void> {
    return this.answer(() => {
      const body = (this.blobs.get(path)?.body ?? '') + lines;
      this.blobs.set(path, { body, etag: `w${++this.writes}` });
      this.onAppend(lines.split('\n').filter((line) => line !== ''));
    });
  }

  override remove(path: string): Promise<void> {
    return this.answer(() => {
      this.blobs.delete(path);
      this.trainers.remove(path);
    });
  }

  override sha256(path: string): Promise<{ sha256: string; bytes: number }> {
    return this.answer(() => {
      const hashed = this.trainers.hash(path);
      if (hashed === null) throw new AzureError('not-found', `hashing ${path} failed (HTTP 404): BlobNotFound`);
      return hashed;
    });
  }

  override async copyFrom(source: BlobContainer, from: string, to: string): Promise<void> {
    await this.write(to, (await source.bytes(from)) ?? '');
  }

  private all(prefix: string): BlobInfo[] {
    const own: BlobInfo[] = [];
    for (const [path, { body, etag }] of this.blobs)
      if (path.startsWith(prefix)) own.push({ path, bytes: body.length, etag, modified: 0 });
    const found = [...own, ...this.trainers.list(prefix)].filter(({ path }) => path.startsWith(prefix));
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Every call is a question to the storage, which may give no answer. */
  private answer<T>(work: () => T): Promise<T> {
    if (this.world.storage.downUntil > this.world.now)
      return Promise.reject(new AzureError('transient', 'the storage timed out'));
    return new Promise((resolve) => resolve(work()));
  }
}
