import assert from 'node:assert/strict';

import { exchangeLine } from '../../../emulator/http/exchange.js';

describe('emulator: a line per request', () => {
  const line = (method: string, target: string, status: number, milliseconds: number): string =>
    exchangeLine({ method, target, call: null, status, headers: {}, text: '', milliseconds });

  const W = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w';

  it('says method, status, time, api-version and path, one below the other, without what is the same in all paths', () => {
    assert.deepEqual(
      [
        line('GET', `${W}/jobs/one?api-version=2023-10-01`, 200, 1.234),
        line('DELETE', `${W}/jobs/one?api-version=2023-02-01-preview`, 202, 1234.5),
        line('GET', `/history/v1.0${W}/runs/one`, 200, 12),
        line('POST', '/tenant/oauth2/v2.0/token', 200, 12),
      ],
      [
        'GET    200     1.2 ms 2023-10-01         .../workspaces/w/jobs/one',
        'DELETE 202  1234.5 ms 2023-02-01-preview .../workspaces/w/jobs/one',
        'GET    200    12.0 ms -                  /history/v1.0.../workspaces/w/runs/one',
        'POST   200    12.0 ms -                  /tenant/oauth2/v2.0/token',
      ],
    );
  });

  it('shows the rest of the query as a person would write it', () => {
    const target = '/jobs?api-version=2023-10-01&%24skipToken=MTAw&tag=a%3Db';
    assert.match(line('GET', target, 200, 1), /\/jobs\?\$skipToken=MTAw&tag=a=b$/);
  });
});
