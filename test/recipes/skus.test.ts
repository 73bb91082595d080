import assert from 'node:assert/strict';
import { retiredSku } from '../../domain/skus.js';
import { SIZES } from '../../emulator/locations/sizes.js';

describe('recipes: retired VM sizes', () => {
  it("the old recipe's NC24s_v3 is gone: the sentence says since when and what to take instead", () => {
    const words = retiredSku('Standard_NC24s_v3') ?? '';
    assert.match(words, /^Standard_NC24s_v3 is retired: .* NCv3 series \(V100\) .* 2025-09-30/);
    assert.match(words, /choose Standard_NC96ads_A100_v4 .*instead\.$/);
  });

  it('so are the series before it, and those for graphics', () => {
    const gone = ['Standard_NC6', 'Standard_NC24rs_v2', 'Standard_ND24rs', 'Standard_NV12s_v3', 'Standard_NV32as_v4'];
    const dates = [...gone, 'Standard_NC24_Promo'].map(
      (sku) => /on (\d{4}-\d\d-\d\d)/.exec(retiredSku(sku) ?? '')?.[1],
    );
    assert.deepEqual(dates, ['2023-09-06', '2023-09-06', '2023-09-06', '2026-09-30', '2026-09-30', '2023-09-06']);
  });

  it('a size is known in any case of its letters', () => {
    assert.match(retiredSku('standard_nc6S_V3') ?? '', /is retired/);
  });

  it('sizes of today are not, nor is NDv2, of which no retirement is known', () => {
    assert.deepEqual(
      SIZES.map(({ name }) => retiredSku(name)).filter((words) => words !== null),
      [],
    );
    assert.equal(retiredSku('Standard_ND40rs_v2'), null);
  });

  it('every successor that it names is a size of today', () => {
    const named = [
      'Standard_NC6',
      'Standard_NC6s_v2',
      'Standard_NC6s_v3',
      'Standard_ND6s',
      'Standard_NV6',
      'Standard_NV4as_v4',
    ].flatMap((sku) => (retiredSku(sku) ?? '').split('choose')[1]?.match(/Standard_\w+/g) ?? []);
    const today = SIZES.map(({ name }) => name);
    assert.ok(named.length >= 6);
    assert.deepEqual(
      named.filter((name) => !today.includes(name)),
      [],
    );
  });
});
