import type { Policy } from '../policy.js';
import { ANSWER_SECONDS, POLL_SECONDS, TRAINER_DEFAULT_SECONDS, nextLook } from './work.js';

/** `RETRY_INIT_GAP_SECONDS`, and `Backoff`: MULTIPLIER 1.6, at most 5 times the first; its jitter has no effect on the mean. */
const FIRST_PAUSE = 60;
const GROWTH = 1.6;
const LONGEST = 5;

/**
 * A managed job of SkyPilot in one region, looked at as often as all others are; its own 15 s would gain it 8 s a loss. Checkpoints are the
 * user's: taken are those of its own BERT example, which leaves `save_steps` to the Trainer and finds the newest checkpoint by itself.
 * https://github.com/skypilot-org/skypilot/blob/251c4516b26f7e5d58b2d2bc8fb4acb97624f0c0/examples/spot/bert_qa.yaml
 * https://github.com/skypilot-org/skypilot/blob/002765595152674523826108a2f29563efd0d42c/sky/jobs/utils.py (JOB_STATUS_CHECK_GAP_SECONDS, 15)
 * https://github.com/skypilot-org/skypilot/blob/0022406100bb1cfd634fb9603641eaed481d2404/sky/utils/common_utils.py (class Backoff)
 */
export const skypilot: Policy = {
  name: 'SkyPilot',
  link: 'https://github.com/skypilot-org/skypilot/blob/027bbcdb3c4c8b6ab5510ee9163a05e6a8193a8f/sky/jobs/recovery_strategy.py',
  start: () => ({
    adapts: false,
    heedsNotice: false,
    resumes: true,
    interval: () => TRAINER_DEFAULT_SECONDS,
    afterInterruption: ({ readyAt, at }) => ({
      at: nextLook(readyAt, at, POLL_SECONDS) + ANSWER_SECONDS,
      pauseSeconds: (refusals) => FIRST_PAUSE * Math.min(LONGEST, GROWTH ** (refusals - 1)),
    }),
  }),
};
