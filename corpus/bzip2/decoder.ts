import Bzip2 from '@foxglove/wasm-bz2';

/** Unpacks a bzip2 stream of one block. @returns its bytes; undefined when it is not sound, its checksum included */
export type DecodeBlock = (stream: Uint8Array) => Uint8Array | undefined;

/** A block of text unpacks to little more than the 900,000 bytes that bzip2 sorts; one of long runs to at most 51 times as much. */
const usualSize = 1 << 20;
const largestSize = (900_000 / 5) * 255 + 1024;
const isOutputFull = /: -8 /;

let decoder: Promise<DecodeBlock> | undefined;

/** The official bzip2 library as WebAssembly, loaded once a thread. */
export function blockDecoder(): Promise<DecodeBlock> {
  decoder ??= load();
  return decoder;
}

async function load(): Promise<DecodeBlock> {
  const bzip2 = await withoutNewListeners(() => Bzip2.init());
  return (stream) => {
    for (const size of [usualSize, largestSize]) {
      try {
        return bzip2.decompress(stream, size);
      } catch (error) {
        if (!isOutputFull.test((error as Error).message)) return undefined;
      }
    }
    return undefined;
  };
}

const fatalEvents = ['uncaughtException', 'unhandledRejection'] as const;

/** The package's loader sets itself in charge of what ends the process; that is not its to decide. */
function withoutNewListeners<T>(load: () => T): T {
  const before = fatalEvents.map((event) => process.rawListeners(event));
  const loaded = load();
  fatalEvents.forEach((event, index) => {
    for (const listener of process.rawListeners(event)) {
      if (!before[index]?.includes(listener)) process.removeListener(event, listener as () => void);
    }
  });
  return loaded;
}
