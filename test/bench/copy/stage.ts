import { createHash, randomFillSync } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';

import type { KnownContent } from '../../../azure/copy/wanted.js';
import { blockHashes } from '../../../corpus/shards/block-hashes.js';
import { containerSignature } from '../../../emulator/storage/signature.js';
import { root } from '../../house/root.js';

/** Azurite's published development account. */
export const ACCOUNT = 'devstoreaccount1';
export const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
export const SOURCE = 'source';

export interface File {
  readonly path: string;
  readonly known: KnownContent;
}

/** An Azurite with files in one container. */
export interface Stage {
  readonly endpoint: string;
  readonly files: readonly File[];
  /** Where the same files lie on this machine. */
  readonly local: string;
  readonly bytes: number;
  /** URL of a container with its SAS. */
  signed(container: string): string;
  makeContainer(name: string): Promise<void>;
  /** Looks whether all files are there in their size, and deletes the container. @throws Error where they are not */
  checkAndDrop(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one over HTTP, as azcopy and rclone trust no certificate of ours. */
export async function startStage(folder: string, count: number, mib: number): Promise<Stage> {
  const azurite = await startAzurite(join(folder, 'azurite'));
  const { endpoint } = azurite;
  const service = new BlobServiceClient(endpoint, new StorageSharedKeyCredential(ACCOUNT, KEY));
  const source = service.getContainerClient(SOURCE);
  await source.createIfNotExists();
  const files: File[] = [];
  const local = join(folder, 'local');
  mkdirSync(local);
  const bytes = Buffer.alloc(mib * 2 ** 20);
  for (let index = 0; index < count; index += 1) {
    const path = `shard-${String(index).padStart(5, '0')}.safetensors`;
    randomFillSync(bytes);
    writeFileSync(join(local, path), bytes);
    await source.getBlockBlobClient(path).upload(bytes, bytes.length);
    files.push({ path, known: knownOf(bytes) });
  }
  const signed = (name: string): string => {
    const sas = containerSignature({ account: ACCOUNT, key: KEY, container: name }, 2);
    return `${endpoint}/${name}?${sas}`;
  };
  return {
    ...{ endpoint, files, local, bytes: count * bytes.length, signed, stop: azurite.stop },
    makeContainer: async (name) => void (await service.getContainerClient(name).create()),
    checkAndDrop: async (name) => {
      const found = new Map<string, number | undefined>();
      for await (const { name: path, properties } of service.getContainerClient(name).listBlobsFlat())
        found.set(path, properties.contentLength);
      const lacking = files.filter(({ path }) => found.get(path) !== bytes.length);
      if (lacking.length > 0) throw new Error(`${lacking.length} files of ${name} are not there in their size.`);
      await service.deleteContainer(name);
    },
  };
}

function knownOf(bytes: Buffer): KnownContent {
  const { md5, bytes: blockBytes } = blockHashes(bytes);
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), md5, blockBytes };
}

async function startAzurite(location: string): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const program = join(root, 'node_modules', 'azurite', 'dist', 'src', 'blob', 'main.js');
  const args = [program, '--blobHost', '127.0.0.1', '--blobPort', '0', '--location', location];
  const child = spawn(process.execPath, [...args, '--disableTelemetry', '--silent', '--skipApiVersionCheck'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const found = /successfully listens on (\S+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    void exited.then(() => reject(new Error('Azurite did not start.')));
  });
  const stop = (): Promise<void> => {
    child.kill('SIGTERM');
    return exited;
  };
  return { endpoint: `${url.replace(/\/$/, '')}/${ACCOUNT}`, stop };
}
