import { CorpusError } from '../error.js';
import { parseSite } from '../site.js';
import { encodingOf } from './encoding.js';
import { formatOf } from './format.js';
import type { Encoding, Found, Input, Packing } from './input.js';
import { InputOptionsSchema, type InputOptions } from './options.js';
import { packingOf } from './packing.js';
import type { ByteSource } from './source.js';
import { transcode } from './transcode.js';
import { damageIn, unpack, type Gap } from './unpack.js';

const enoughToTell = 4096;
/** The header of a dump comes before its first page; the list of namespaces makes some thousands of bytes. */
const longestHeader = 1 << 20;
const firstPage = '<page>';

/**
 * A source with what lies in it.
 * @param found what somebody found out before; absent: it is looked at
 * @throws CorpusError as `lookInto` does
 */
export async function openInput(
  source: ByteSource,
  options: InputOptions = InputOptionsSchema.parse({}),
  found?: Found,
): Promise<Input> {
  const { header, ...known } = found ?? (await lookInto(source, options));
  return { source, ...known, site: parseSite(header), hasRoot: header.includes('<mediawiki'), options };
}

/**
 * Finds out what lies in a source, from its first bytes: how it is packed, in which encoding, a dump or text; of a dump the header.
 * @throws CorpusError when it is nothing that is read here, or UTF-16 that nothing declares.
 */
export async function lookInto(source: ByteSource, options: InputOptions): Promise<Found> {
  const packing = packingOf(await startOf(source), source.name);
  const bytes = await unpackedHead(source, packing, 'utf-8', enoughToTell);
  const encoding = encodingOf(bytes, source.name, options.encoding);
  const head = encoding === 'utf-8' ? bytes : await unpackedHead(source, packing, encoding, enoughToTell);
  const format = options.format === 'auto' ? formatOf(head, source.name) : options.format;
  const header = format === 'xml' ? await headerOf(source, packing, encoding, head) : '';
  return { packing, encoding, format, header };
}

async function startOf(source: ByteSource): Promise<Buffer> {
  if (source.bytes === 0) throw new CorpusError(`${source.name} is empty: it holds neither a dump nor text.`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.read(0, Math.min(source.bytes, 16))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What stands before the first page; `head` is enough of it if that page begins in it. */
async function headerOf(source: ByteSource, packing: Packing, encoding: Encoding, head: Buffer): Promise<string> {
  const isEnough = head.includes(firstPage);
  const bytes = isEnough ? head : await unpackedHead(source, packing, encoding, longestHeader, firstPage);
  const end = bytes.indexOf(firstPage);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

/** The first bytes of the text, `count` at least where there are as many, or up to and with `until`. */
async function unpackedHead(
  source: ByteSource,
  packing: Packing,
  encoding: Encoding,
  count: number,
  until?: string,
): Promise<Buffer> {
  const stretches = unpack(source, packing);
  let head: Buffer = Buffer.alloc(0);
  let gap: Gap | undefined;
  for await (const stretch of encoding === 'utf-8' ? stretches : transcode(stretches, encoding)) {
    if ('damage' in stretch) {
      gap ??= stretch;
      continue;
    }
    head = Buffer.concat([head, stretch.bytes]);
    if (head.length >= count || (until !== undefined && head.includes(until))) break;
  }
  // Other damage is told when it is read.
  if (head.length === 0 && gap !== undefined)
    throw new CorpusError(`${damageIn(source, packing, gap)}; fetch it again.`);
  return head;
}
