import assert from 'node:assert/strict';
import { describeEvent } from '../../../domain/events.js';
import { type Spending, budgetAlert, tellAtSeconds } from '../../../domain/money/alerts.js';

const HOUR = 3_600;

/** Two nodes at 5 an hour each: 10 an hour. */
const spending = (over: Partial<Spending> = {}): Spending => ({
  ...{ budget: 100, spent: 0, rate: { nodes: 2, pricePerNodeHour: 5 }, alertAt: [0.5, 0.8], told: null },
  ...over,
});
const times = { since: 0, at: 10 * HOUR * 1000 };
const told = (share: number, budget = 100) => ({ budget, share });

describe('domain: what a person is told of the budget', () => {
  it('is due when a share of it is spent, by earlier attempts and by the one that is open', () => {
    assert.equal(tellAtSeconds(spending()), 5 * HOUR);
    assert.equal(tellAtSeconds(spending({ spent: 30 })), 2 * HOUR);
    assert.equal(budgetAlert(spending({ spent: 30 }), 2 * HOUR - 1, times), null);
    assert.equal(budgetAlert(spending({ spent: 30 }), 2 * HOUR, times)?.share, 0.5);
  });

  it('is said once: the next share is what is waited for then, and behind the last one nothing', () => {
    assert.equal(tellAtSeconds(spending({ told: told(0.5) })), 8 * HOUR);
    assert.equal(budgetAlert(spending({ told: told(0.5) }), 7 * HOUR, times), null);
    assert.equal(tellAtSeconds(spending({ told: told(0.8) })), null);
    assert.equal(budgetAlert(spending({ told: told(0.8) }), 99 * HOUR, times), null);
  });

  it('is the highest share where several were passed since anybody looked', () => {
    assert.equal(budgetAlert(spending(), 9 * HOUR, times)?.share, 0.8);
  });

  it('is due again for another budget, and at once where its share is spent by then', () => {
    const larger = spending({ budget: 200, told: told(0.8) });
    assert.equal(tellAtSeconds(larger), 10 * HOUR);
    assert.equal(tellAtSeconds(spending({ budget: 60, spent: 40, told: told(0.5) })), 0);
  });

  it('is nothing without a budget or a price', () => {
    assert.equal(tellAtSeconds(spending({ budget: null })), null);
    const unpriced = spending({ rate: { nodes: 2, pricePerNodeHour: null } });
    assert.deepEqual([tellAtSeconds(unpriced), budgetAlert(unpriced, HOUR, times)], [null, null]);
  });

  it('whatever the numbers, is due in the very second that was waited for', () => {
    for (let index = 1; index < 500; index++) {
      const odd = spending({ budget: index / 7, spent: index / 97, rate: { nodes: 3, pricePerNodeHour: index / 13 } });
      const seconds = tellAtSeconds(odd);
      assert.ok(seconds !== null && budgetAlert(odd, seconds, times) !== null, String(index));
    }
  });

  it('says what is spent, what is left, and when it is used up: at the rate so far, and at the earliest', () => {
    // Half of the ten hours no nodes were held.
    const alert = budgetAlert(spending(), 5 * HOUR, times);
    assert.ok(alert);
    assert.deepEqual([alert.spent, alert.reachedAt, alert.earliestAt], [50, 20 * HOUR * 1000, 15 * HOUR * 1000]);
    assert.equal(
      describeEvent({ kind: 'budget-alert', currency: 'USD', ...alert }),
      'NOTE: 50 % of the budget are spent: 50.00 of 100.00 USD, 50.00 are left; at the rate so far it is used up at ' +
        '1970-01-01 20:00 UTC, at the earliest at 1970-01-01 15:00 UTC, were nodes held without a break',
    );
  });
});
