/** A one-dimensional tensor of a safetensors file; the array's type gives the data type. */
export interface Tensor {
  readonly name: string;
  readonly data: Uint8Array | Uint16Array | Uint32Array;
}

/**
 * A safetensors file (huggingface/safetensors, README, "Format"): header length, JSON header, data. Tensors lie in the order
 * given; hand over wider types first and each is aligned to its own size. Little-endian machines only, like all that Node runs on.
 */
export function encodeSafetensors(tensors: readonly Tensor[]): Buffer {
  let end = 0;
  const entries = tensors.map(({ name, data }) => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype: `U${8 * data.BYTES_PER_ELEMENT}`, shape: [data.length], data_offsets: [begin, end] }];
  });
  const json = JSON.stringify(Object.fromEntries(entries));
  const header = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const bodies = tensors.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return Buffer.concat([length, header, ...bodies]);
}
