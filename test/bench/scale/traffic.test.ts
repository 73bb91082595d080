import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busiest, pollIntervals, readTraffic, reads } from './traffic.js';

const line = (time: string, method: string, path: string, status = 200): string =>
  `${time} ${method.padEnd(6)} ${status}     3.2 ms 2023-10-01         ${path}`;

describe('bench: traffic from the emulator’s log', () => {
  const folder = mkdtempSync(join(tmpdir(), 'traffic-'));
  const file = join(folder, 'log');
  after(() => rmSync(folder, { recursive: true }));

  it('is what went to Azure Resource Manager, over midnight too', () => {
    const lines = [
      line('23:59:50.000', 'GET', '.../workspaces/local/jobs/a'),
      '23:59:51.000 job a: Running',
      line('23:59:52.500', 'GET', '/_emulator/state'),
      line('23:59:55.000', 'PUT', '.../workspaces/local/jobs/b', 201),
      line('00:00:20.500', 'GET', '.../workspaces/local/jobs/a'),
      line('00:00:21.000', 'GET', '.../workspaces/local/computes/c'),
      line('00:01:00.500', 'GET', '.../workspaces/local/jobs/a', 429),
    ];
    writeFileSync(file, lines.join('\n'));
    const traffic = readTraffic(file);
    assert.equal(traffic.length, 5);
    assert.deepEqual([traffic.at(-1)?.status, traffic[1]?.method], [429, 'PUT']);
    assert.equal(reads(traffic).length, 4);
    const intervals = pollIntervals(traffic);
    assert.deepEqual([intervals.count, intervals.percentile(0), intervals.percentile(100)], [2, 30.5, 40]);
  });

  it('is busiest where most of it falls into so many seconds', () => {
    const at = [0, 1, 2, 30, 31, 32, 33, 60].map((seconds) => ({
      at: seconds * 1000,
      method: 'GET',
      status: 200,
      path: '',
    }));
    assert.equal(busiest(at, 10), 0.4);
  });
});
