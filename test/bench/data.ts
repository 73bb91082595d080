import { layOut } from './data/files.js';
import { installPeers } from './data/peers.js';
import { measurePipeline } from './data/pipeline.js';
import { measureQuality } from './data/quality.js';
import { measureScaling, type Scaling } from './data/scaling.js';
import { measureTokenizers } from './data/tokenizers.js';
import { flags } from './harness/flags.js';
import { present } from './harness/report.js';

/** For the list of benches. */
export const about =
  'dump to shards, tokenizer and text quality, against WikiExtractor + BERT in Python, Hugging Face, nanotoken, wtf_wikipedia, mwparserfromhell';

/** Enough for both workers to have tasks at all times: as a dump of gigabytes has in pieces of the usual size. */
const scaling: Scaling = { copies: 10, rounds: 3, sizes: { pieceBytes: 1 << 21, groupBytes: 1 << 21 }, bars: 'speed' };

/** `npm run bench -- data [--rounds N] [--json]`. @returns exit code: 1 where a bar is missed */
export async function main(args: string[]): Promise<number> {
  const { json, rounds } = flags(args, { rounds: 3 });
  const peers = installPeers();
  const files = await layOut();
  const reports = [
    await measurePipeline(files, peers, rounds),
    await measureScaling(files, scaling),
    await measureTokenizers(files, peers, rounds),
    await measureQuality(files, peers),
  ];
  return Math.max(...reports.map((report) => present(report, json)));
}
