/** A one-dimensional tensor of a safetensors file; the array's type gives the data type. */
export interface Tensor {
  readonly name: string;
  readonly data: TensorData;
}

export type TensorData = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * A safetensors file (huggingface/safetensors, README, "Format"): header length, JSON header, data. Tensors lie in the order
 * given; hand over wider types first and each is aligned to its own size. Little-endian machines only, like all that Node runs on.
 */
export function encodeSafetensors(tensors: readonly Tensor[]): Buffer {
  let end = 0;
  const entries = tensors.map(({ name, data }) => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype: typeOf(data), shape: [data.length], data_offsets: [begin, end] }];
  });
  const json = JSON.stringify(Object.fromEntries(entries));
  const header = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const bodies = tensors.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return Buffer.concat([length, header, ...bodies]);
}

/** The tensors of a file that `encodeSafetensors` made, by name. */
export function decodeSafetensors(file: Uint8Array): Readonly<Record<string, TensorData>> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, Entry>;
  const tensors = Object.entries(header).map(
    ([
      name,
      {
        dtype,
        data_offsets: [begin, end],
      },
    ]) => {
      // A copy: a view must start at a multiple of its element's size.
      const data = new types[dtype](new Uint8Array(bytes.subarray(start + begin, start + end)).buffer);
      return [name, data] as const;
    },
  );
  return Object.fromEntries(tensors);
}

interface Entry {
  readonly dtype: keyof typeof types;
  readonly data_offsets: readonly [number, number];
}

const types = { U8: Uint8Array, U16: Uint16Array, U32: Uint32Array, F64: Float64Array } as const;

function typeOf(data: TensorData): keyof typeof types {
  return data instanceof Float64Array ? 'F64' : (`U${8 * data.BYTES_PER_ELEMENT}` as 'U8' | 'U16' | 'U32');
}
