import { prepareDataset } from '../../../corpus/prepare.js';
import { bertha } from '../../../installation.js';

const excerpt = 'enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2';

/** The English excerpt with BERT's two sequence lengths, below `.bertha/bench/`; made once. @returns its folder */
export function trainingData(): Promise<string> {
  return prepared('training-data', 8192, [128, 512]);
}

/** The same as the demo's first phase has it. */
export function demoData(): Promise<string> {
  return prepared('demo-data', 2048, [32]);
}

async function prepared(name: string, trainSize: number, sequenceLengths: number[]): Promise<string> {
  const outDir = bertha('bench', name);
  const options = { vocabulary: { trainSize }, sequenceLengths, samplesPerShard: 1000 };
  await prepareDataset({ dump: bertha('data', excerpt), outDir, name: 'bench', options });
  return outDir;
}
