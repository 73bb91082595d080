import assert from 'node:assert/strict';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { smallDump } from '../../e2e/small-config.js';
import { dataActivities } from '../support/deps.js';
import { failure, run } from '../support/run.js';
import { prepareAll, requestOf, sourceStore, writeBeside } from './support/preparing.js';

/** Another worker reads the path of its own disk: here the file is exchanged between planning and reading. */
describe('activities: a file that every worker reads from its own disk', function () {
  this.timeout(30_000);
  const task = { stage: 'text', number: 0 } as const;
  const dump = smallDump();
  const planned = async (name: string, text = dump) => {
    await sourceStore();
    const file = writeBeside(`${name}.xml`, text);
    const request = requestOf(name, { dump: file });
    const { inputs } = await run(dataActivities.planPreparation, request);
    return { file, read: () => run(dataActivities.prepareTask, { ...request, inputs, task }) };
  };

  it('is refused where one byte of it is another, though its size and its ends are the same', async () => {
    const { file, read } = await planned('other-byte');
    const middle = dump.indexOf(' is ', dump.length / 2);
    writeFileSync(file, `${dump.slice(0, middle)} was${dump.slice(middle + 4)}`.slice(0, dump.length));
    const { type, nonRetryable, message } = await failure(read());
    assert.deepEqual([type, nonRetryable], ['DumpReplaced', true]);
    assert.match(
      message,
      /other-byte\.xml on data worker \S+ is not the file that was planned with: bytes 0 to \d+ are others; have the same file on all data workers/,
    );
  });

  it('is refused where its size is another', async () => {
    const { file, read } = await planned('other-size');
    writeFileSync(file, smallDump(59));
    assert.match((await failure(read())).message, /is not the file that was planned with: its size is another/);
  });

  it('may be a copy', async () => {
    const { file, read } = await planned('copied');
    copyFileSync(file, `${file}.copy`);
    rmSync(file);
    copyFileSync(`${file}.copy`, file);
    assert.deepEqual(await read(), { groups: 0, prepared: null });
  });

  it('that one worker lacks is asked for again, as another may have it', async () => {
    const { file, read } = await planned('absent');
    rmSync(file);
    const { type, nonRetryable, message } = await failure(read());
    assert.deepEqual([type, nonRetryable], ['NoDump', false]);
    assert.match(
      message,
      /absent\.xml cannot be read on data worker \S+ \(ENOENT\); put it there, or stop that worker/,
    );
  });

  it('is not needed any more when its text is made', async () => {
    const file = writeBeside('early.xml', dump);
    const prepared = await prepareAll(requestOf('early', { dump: file }), async (task, doIt) => {
      if (task.stage === 'vocabulary') rmSync(file);
      return doIt();
    });
    assert.match(prepared.summary, /^60 of 60 pages/);
  });
});
