import { readFileSync } from 'node:fs';

export type Tensors = Readonly<Record<string, Uint8Array | Uint16Array | Uint32Array>>;

const types = { U8: Uint8Array, U16: Uint16Array, U32: Uint32Array };

interface Entry {
  readonly dtype: keyof typeof types;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** A reader of safetensors written from its format description alone; checks that the data has no holes. */
export function readSafetensors(file: string): Tensors {
  const bytes = readFileSync(file);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength)) as Record<string, Entry>;
  const data = bytes.subarray(8 + headerLength);
  let end = 0;
  const tensors = Object.entries(header).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [begin, stop],
      },
    ]) => {
      if (begin !== end) throw new Error(`${name} does not start where the tensor before it ends`);
      end = stop;
      // A copy, since a view must start at a multiple of its element size in the file's buffer.
      const tensor = new types[dtype](Uint8Array.from(data.subarray(begin, stop)).buffer);
      if (tensor.length !== shape[0]) throw new Error(`${name} has ${tensor.length} elements instead of ${shape[0]}`);
      return [name, tensor] as const;
    },
  );
  if (end !== data.length) throw new Error('there are bytes behind the last tensor');
  return Object.fromEntries(tensors);
}
