import type { Stretch } from './unpack.js';

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** No byte of UTF-8: what comes after it is not taken for text. */
const invalid = Buffer.from([0xff]);

/**
 * UTF-16 to UTF-8, without byte order mark. What is no UTF-16 comes out as what is no UTF-8, so that whoever reads the page finds it.
 */
export async function* transcode(
  stretches: AsyncIterable<Stretch>,
  encoding: 'utf-16le' | 'utf-16be',
): AsyncGenerator<Stretch> {
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const stretch of stretches) {
    if ('damage' in stretch) {
      rest = Buffer.alloc(0);
      yield stretch;
      continue;
    }
    const bytes = Buffer.concat([rest, stretch.bytes]);
    const end = wholeEnd(bytes, encoding);
    rest = bytes.subarray(end);
    const text = decode(bytes.subarray(0, end), encoding);
    yield { ...stretch, bytes: encode(isFirst ? text.replace(/^\ufeff/, '') : text) };
    isFirst &&= text === '';
  }
  if (rest.length > 0) yield { bytes: invalid, isOwn: true };
}

/** Without a last odd byte, and without the first half of a pair. */
function wholeEnd(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): number {
  const end = bytes.length - (bytes.length % 2);
  const high = bytes[end - (encoding === 'utf-16le' ? 1 : 2)] ?? 0;
  return (high & 0xfc) === 0xd8 ? end - 2 : end;
}

function decode(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): string {
  // A copy: the bytes may be another's.
  return (encoding === 'utf-16le' ? bytes : Buffer.from(bytes).swap16()).toString('utf16le');
}

function encode(text: string): Uint8Array {
  const parts = text.split(loneSurrogate).map((part) => Buffer.from(part, 'utf8'));
  return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [invalid, part])));
}
