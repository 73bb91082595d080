import type { DataActivities } from '../../../activities/index.js';

type Preparation = Pick<
  DataActivities,
  'prepareData' | 'planPreparation' | 'lookAtPreparation' | 'prepareTask' | 'verifyData'
>;

/** A dump of so many pieces, two sets, three groups of shards. */
export const pieces = 5;
export const prepared = { contentId: '0123', folder: 'data/enwiki/0123', reused: false, summary: '106 of 206 pages' };
const outline = { inputs: 'abcd', pieces, sets: 2, bytes: 1_000_000, prepared: null };

/** A preparation in which all goes well. */
export const preparation: Preparation = {
  prepareData: () => Promise.resolve(prepared),
  planPreparation: () => Promise.resolve(outline),
  lookAtPreparation: () => Promise.resolve(outline),
  prepareTask: ({ task: { stage } }) =>
    Promise.resolve({ groups: stage === 'layout' ? 3 : 0, prepared: stage === 'finish' ? prepared : null }),
  verifyData: ({ folder }) => Promise.resolve({ folder, contentId: '0123', files: 5, bytes: 1_000_000, bad: [] }),
};
