import assert from 'node:assert/strict';
import { once } from 'node:events';
import { listenForInterrupt, pause } from '../../cli/interrupt.js';

/** As the kernel does it: signal to this process, and back when its handlers have run. */
async function press(): Promise<void> {
  const heard = once(process, 'SIGINT');
  process.kill(process.pid, 'SIGINT');
  await heard;
}

describe('cli: Ctrl-C', () => {
  it('aborts at the first, acts at the next, takes an echo of the same key press for one', async () => {
    const interrupt = listenForInterrupt();
    let again = 0;
    interrupt.onAgain(() => (again += 1));
    try {
      await press();
      assert.equal(interrupt.signal.aborted, true);
      await press(); // npm hands the terminal's signal on
      assert.equal(again, 0);
      await pause(450);
      await press();
      assert.equal(again, 1);
    } finally {
      interrupt.release();
    }
    assert.equal(process.listenerCount('SIGINT'), 0);
  });

  it('ends a pause at once', async () => {
    const controller = new AbortController();
    const begin = performance.now();
    setTimeout(() => controller.abort(), 5);
    await pause(60_000, controller.signal);
    await pause(60_000, controller.signal);
    assert.ok(performance.now() - begin < 10_000);
  });
});
