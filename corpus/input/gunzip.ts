import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ByteSource } from './source.js';
import type { Stretch } from './unpack.js';

/** Unpacks a gzip file from its start to its end; one that is damaged ends with a gap. */
export async function* gunzip(source: ByteSource): AsyncGenerator<Stretch> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  const packed = Readable.from(source.read(0, source.bytes));
  // A failure to read is the reader's to tell, not one of the data.
  let failure: Error | undefined;
  packed.on('error', (error) => {
    failure = error;
    gunzip.destroy(error);
  });
  packed.pipe(gunzip);
  try {
    for await (const bytes of gunzip as AsyncIterable<Buffer>) yield { bytes, isOwn: true };
  } catch (error) {
    if (failure !== undefined) throw failure;
    yield { at: gunzip.bytesWritten, damage: `is damaged or cut off (${(error as Error).message})`, isOwn: true };
    return;
  } finally {
    packed.destroy();
  }
  const unread = source.bytes - gunzip.bytesWritten;
  if (unread > 0)
    yield { at: source.bytes - unread, damage: 'follows the end of the data and is no gzip', isOwn: true };
}
