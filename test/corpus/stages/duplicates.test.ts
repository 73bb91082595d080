import assert from 'node:assert/strict';
import { join } from 'node:path';
import { finished } from '../../../corpus/stages/tasks.js';
import { seeded } from '../../house/random.js';
import { dumpXml, inFolder, prose, writeDump } from '../fixture.js';
import { options } from '../prepared.js';
import { bytesBelow, inProcess, runStages, share, smallSizes, type Run, type Shared } from './workers.js';

const count = 60;
const filter = { ...options, minPageSentences: 2, nearDuplicates: {} };
const text = (page: number): string => `${prose(page, 14)} The number of this place is ${page}.`;
const own = Array.from({ length: count }, (_, n) => ({ id: 2 * n + 2, text: text(n + 1) }));
/** Of every sixth page a copy with one other word, under a lower and under a higher id, in other places of the dump. */
const copies = own
  .filter((_, n) => n % 6 === 0)
  .flatMap(({ id, text }, n) => [
    { id: id - 1, text: text.replace(/ in 1\d\d\d\.$/, ' again.'), title: `Copy \`${n}\`` },
    { id: 1000 - id, text: `${text} This is a copy.`, title: 'Another [copy]' },
  ]);
const mixed = [...copies.slice(0, 7).reverse(), ...own, ...copies.slice(7)];

async function run(folder: string, dump: string, options: object, sizes = smallSizes, ...orders: number[]) {
  const shared = await share(folder, dump, options, sizes);
  const workers = await Promise.all((orders.length > 0 ? orders : [0]).map(() => inProcess(shared)));
  const next = seeded(orders[0] ?? 0);
  const shuffled = (numbers: number[]): number[] =>
    numbers
      .map((number) => ({ number, draw: next() }))
      .sort((a, b) => a.draw - b.draw)
      .map(({ number }) => number);
  await runStages(shared.plan, workers, orders.length > 0 ? shuffled : undefined);
  return { shared, bytes: await bytesBelow(join(folder, 'out')) };
}

const idsIn = async ({ out }: Shared): Promise<number[]> =>
  Buffer.from((await out.read('attribution.jsonl')) ?? '')
    .toString()
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { page: number }).page);

describe('corpus: a preparation without near duplicates', function () {
  this.timeout(30_000);

  it('keeps the lowest page of each group, and counts the others as skipped', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, dumpXml(mixed));
      const { shared } = await run(folder, dump, filter);
      assert.ok(shared.plan.pieces.length > 4);
      const manifest = await finished(shared.out);
      assert.deepEqual(manifest?.pages, { in: count + 20, out: count, skipped: { duplicate: 20 } });
      const lowest = own.map(({ id }, n) => (n % 6 === 0 ? id - 1 : id));
      assert.deepEqual(
        (await idsIn(shared)).sort((a, b) => a - b),
        lowest,
      );
      const quality = Buffer.from((await shared.out.read('quality.md')) ?? '').toString();
      assert.match(quality, /\| pages left out \| 20 \| 25\.00 % \|/);
      assert.match(quality, /\| groups of pages that are alike \| 10 \|/);
      assert.match(quality, /- Another \\\[copy\\\] \(998\): page 1 stays/);
      assert.match(quality, /\| skipped: duplicate \| 20 \|/);
    }));

  it('is the same as one of a dump that never had them, but for what is said of the input', () =>
    inFolder(async (folder) => {
      const kept = mixed.filter(({ id }) => id < 200 && !(id % 12 === 2));
      const clean = await run(join(folder, 'clean'), await writeDump(folder, dumpXml(kept), 'clean.xml'), options);
      const filtered = await run(join(folder, 'mixed'), await writeDump(folder, dumpXml(mixed)), filter);
      const shardsOf = (bytes: Map<string, string>) =>
        [...bytes].filter(([name]) => /vocab|seq-|attribution/.test(name));
      assert.deepEqual(shardsOf(filtered.bytes), shardsOf(clean.bytes));
    }));

  it('gives the same bytes whatever the workers, their order and the size of the parts', () =>
    inFolder(async (folder) => {
      const dump = await writeDump(folder, dumpXml(mixed));
      const { bytes } = await run(join(folder, 'one'), dump, filter);
      for (const seed of [1, 2]) {
        const three = await run(join(folder, `three-${seed}`), dump, filter, smallSizes, seed, 0, 0);
        assert.deepEqual(three.bytes, bytes);
      }
      const whole = { poolTokens: smallSizes.poolTokens ?? 0 };
      assert.deepEqual((await run(join(folder, 'whole'), dump, filter, whole)).bytes, bytes);
    }));

  it('notices signatures that hold other bytes than were written', () =>
    inFolder(async (folder) => {
      const shared = await share(folder, await writeDump(folder, dumpXml(mixed)), filter);
      const run = await inProcess(shared);
      const damaging: Run = async (task) => {
        if (task.stage === 'duplicates') {
          const content = Buffer.from((await shared.work.read('text/00001.signatures')) ?? []);
          content.writeUInt8(content.readUInt8(content.length - 1) ^ 1, content.length - 1);
          await shared.work.write('text/00001.signatures', content);
        }
        return run(task);
      };
      await assert.rejects(runStages(shared.plan, [damaging]), /text\/00001\.signatures .* holds other bytes/);
    }));
});
