import assert from 'node:assert/strict';
import type { WatchAlert } from '../../domain/watch/alerts.js';
import { judge } from '../../domain/watch/judge.js';
import { watchRules } from '../../domain/watch/limits.js';
import { newWatch } from '../../domain/watch/memory.js';
import { configWith } from '../domain/samples.js';
import { seeded } from '../house/random.js';

describe('bugs: a week of looks, judged one by one', () => {
  it('B1 a thousand failed and slow answers in a week of a healthy job end nothing, and restart nothing', () => {
    const random = seeded(1818);
    const rules = watchRules(configWith({ checkpoints: { everySeconds: 600, everySteps: undefined } }));
    const looks = Math.round((7 * 86_400) / rules.pollSeconds);
    const told: WatchAlert[] = [];
    let [memory, at, failed, alive] = [newWatch(), 0, 0, 0];
    for (let look = 0; look < looks; look++) {
      const slow = random() < 0.01 ? 180_000 * random() : 0;
      at += rules.pollSeconds * 1000 + slow;
      const fails = random() < 0.06;
      if (fails) failed++;
      const { verdict, ...judged } = judge(
        memory,
        { at, job: fails ? timeout() : running, trainer: training(at) },
        rules,
      );
      memory = JSON.parse(JSON.stringify(judged.memory)) as typeof memory;
      told.push(...judged.alerts);
      assert.equal(verdict.kind, fails ? 'UNKNOWN' : 'ALIVE', `look ${look}`);
      if (verdict.kind === 'ALIVE') assert.equal(verdict.due, null, `look ${look}`);
      if (!fails) alive++;
    }
    assert.ok(failed >= 1_000, `${failed} failures`);
    assert.ok(alive > 10 * failed);
    assert.deepEqual(
      told.filter(({ kind }) => kind === 'limit'),
      [],
    );
  });
});

const running = { answered: true, status: 'Running' } as const;
const timeout = () => ({ answered: false, why: 'no answer within 30 s' }) as const;

/** A step a second, a heartbeat every ten, a checkpoint every ten minutes; all of it can be read however Azure answers. */
const training = (at: number) => ({
  answered: true as const,
  validCheckpoint: at < 600_000 ? null : `i1/${Math.floor(at / 600_000) * 600}`,
  heartbeat: {
    ...{ incarnation: 'i1', sequence: Math.floor(at / 10_000), state: 'training', step: Math.floor(at / 1000) },
    ...{ warned: false, gone: false, stuck: false },
  },
});
