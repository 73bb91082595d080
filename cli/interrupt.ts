/** Ctrl-C, SIGTERM or a closed terminal, as something to wait for. */
export interface Interrupt {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Called at every further one; replaces what was set before. */
  onAgain(act: () => void): void;
  /** Gives the signals back to Node. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A terminal signals the whole process group and npm hands the signal on to us: what comes twice at once was one key press. */
const SAME_KEY_PRESS_MS = 400;

export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  let act: () => void = () => undefined;
  let first = 0;
  const onSignal = () => {
    if (!controller.signal.aborted) {
      first = performance.now();
      controller.abort();
    } else if (performance.now() - first > SAME_KEY_PRESS_MS) act();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    onAgain(next) {
      act = next;
    },
    release() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

/** Waits so long, or until the signal; never throws. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
  });
}
