import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { BUCKETS } from '../../../domain/goodput/buckets.js';
import { installation } from '../../../installation.js';

describe('domain: goodput, the buckets', () => {
  it('stand in docs/ledger.md in their order, with owner and name in ml-goodput-measurement', () => {
    const text = readFileSync(resolve(installation, 'docs', 'ledger.md'), 'utf8');
    const cells = (line: string) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
    const rows = text.split('\n').filter((line) => line.startsWith('| `'));
    assert.deepEqual(
      rows.map(cells),
      Object.entries(BUCKETS).map(([name, { sentence, owner, mlGoodput }]) => [
        `\`${name}\``,
        sentence,
        owner,
        mlGoodput,
      ]),
    );
  });
});
