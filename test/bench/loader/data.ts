import { prepareDataset } from '../../../corpus/prepare.js';
import { bertha } from '../../../installation.js';

const excerpt = 'enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2';

/** Sequence lengths of the dataset that trainer and loader are measured on. */
export const lengths = [128, 512] as const;

/** The English excerpt as a dataset, below `.bertha/bench/`; made once. @returns its folder, and its training samples by length */
export async function trainingData(): Promise<{ folder: string; samples: Record<number, number> }> {
  const folder = bertha('bench', 'training-data');
  const options = { vocabulary: { trainSize: 8192 }, sequenceLengths: [...lengths], samplesPerShard: 1000 };
  const dump = bertha('data', excerpt);
  const { sets } = await prepareDataset({ dump, outDir: folder, name: 'bench', options });
  return { folder, samples: Object.fromEntries(sets.map((set) => [set.sequenceLength, set.train.samples])) };
}
