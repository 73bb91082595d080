/** Signals that end a worker in peace: it stops polling, what runs may end within its time of grace. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Hears of the signal itself: the SDK tells activities only when their time of grace is over. */
export function listenForStop(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const onSignal = () => controller.abort();
  for (const name of STOP_SIGNALS) process.once(name, onSignal);
  return { signal: controller.signal, release: () => STOP_SIGNALS.forEach((name) => process.off(name, onSignal)) };
}
