import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { explain, Failure } from '../../cli/failure.js';
import { configText, withConfig } from './support/config.js';
import { bertha, linesOf, type Ran } from './support/run.js';

describe('cli: failures', () => {
  it('an unknown verb, a missing word and an unknown option are usage errors', async () => {
    for (const argv of [['frobnicate'], ['show'], ['ls', '--frobnicate'], []]) {
      const { code, err } = await bertha(argv);
      assert.equal(code, 2, argv.join(' '));
      assert.notEqual(err, '');
    }
  });

  it('an option value that makes no sense is one sentence', async () => {
    oneSentence(await bertha(['worker', '--queues', 'control,gpu']), 2, /no queue "gpu"/);
    oneSentence(await bertha(['tensorboard', 'demo', '--port', 'x']), 2, /"x" is no port/);
    oneSentence(await bertha(['logs', 'demo', '--rank', 'x']), 2, /"x" is no rank/);
    oneSentence(await bertha(['worker', '--make-current']), 2, /--make-current means nothing without a deployment/);
    oneSentence(await bertha(['set', 'demo', '--checkpoint-seconds', 'x']), 2, /--checkpoint-seconds "x" is no number/);
    oneSentence(
      await bertha(['set', 'demo']),
      2,
      /set needs one of --checkpoint-seconds, --checkpoint-steps, --checkpoint-default, --deadline and --budget/,
    );
  });

  it('a bad config names file, line and field of every problem', async () => {
    const broken = configText.replace('nodes: 2', 'nodes: 0').replace('model:\n', 'modle:\n');
    await withConfig(broken, async (file) => {
      for (const verb of ['validate', 'start']) {
        const { code, out, err } = await bertha([verb, file]);
        assert.equal(code, 2);
        assert.equal(out, '');
        assert.match(err, /config\.yaml:20: cluster\.nodes is 0/);
        assert.match(err, /config\.yaml:\d+: unknown field "modle"/);
        assert.doesNotMatch(err, /\n +at /);
      }
    });
  });

  it('a config that does not exist is one sentence', async () => {
    oneSentence(await bertha(['validate', '/no/such/config.yaml']), 2, /\/no\/such\/config\.yaml cannot be read/);
  });

  it('no Temporal server configured is one sentence that says how to get one', async () => {
    const needsServer = [
      ['ls'],
      ['show', 'demo'],
      ['events', 'demo'],
      ['ledger', 'demo'],
      ['logs', 'demo'],
      ['tensorboard', 'demo'],
      ['pause', 'demo'],
      ['cancel', 'demo'],
      ['report', 'demo'],
      ['worker'],
      ['reap'],
    ];
    for (const argv of needsServer) {
      oneSentence(
        await bertha(argv),
        4,
        /no Temporal server is configured and the local stack "a-stack-that-is-not-up" is not up; start it with: npx bertha up/,
      );
    }
    oneSentence(await bertha(['--stack', 'other', 'ls']), 4, /start it with: npx bertha --stack other up/);
  });

  it('a stopped Temporal server is one sentence with its address', async () => {
    const address = await closedAddress();
    oneSentence(
      await bertha(['ls'], { TEMPORAL_ADDRESS: address }),
      4,
      new RegExp(`no Temporal server answers at ${address}; check TEMPORAL_ADDRESS`),
    );
    oneSentence(
      await bertha(['worker'], { TEMPORAL_ADDRESS: address }),
      4,
      new RegExp(`no Temporal server answers at ${address}`),
    );
  });

  it('a temporal.toml that is broken is one sentence', async () => {
    await withConfig('this is not toml', async (file) => {
      oneSentence(await bertha(['ls'], { TEMPORAL_CONFIG_FILE: file }), 2, /the Temporal profile cannot be read/);
    });
  });

  it('shows where an error comes from with BERTHA_DEBUG only', async () => {
    const { err } = await bertha(['ls'], { BERTHA_DEBUG: '1' });
    assert.match(err, /\n +at /);
  });

  it('a gRPC status in the chain of causes decides what is said', () => {
    const grpc = (code: number) =>
      new Error('Failed to describe', {
        cause: Object.assign(new Error('14 UNAVAILABLE'), { code, details: 'no connection' }),
      });
    assert.deepEqual(explain(grpc(14)), {
      code: 4,
      text: 'the Temporal server stopped answering (no connection); is it up?',
    });
    assert.equal(explain(grpc(16)).code, 1);
    assert.match(explain(grpc(16)).text, /refused the sign-in/);
  });

  it('whatever else is thrown becomes its first line', () => {
    assert.deepEqual(explain(new TypeError('x is not a function\n at y')), { code: 1, text: 'x is not a function' });
    assert.deepEqual(explain(new Failure('noSuchRun', 'no run named "x"')), { code: 3, text: 'no run named "x"' });
  });
});

function oneSentence({ code, out, err }: Ran, expected: number, text: RegExp): void {
  assert.equal(code, expected, err);
  assert.equal(out, '');
  assert.equal(linesOf(err).length, 1, err);
  assert.match(err, /^bertha: /);
  assert.match(err, text);
}

/** An address where nobody listens: a port that was free a moment ago. */
async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}
