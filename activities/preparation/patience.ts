/** Storage that gives no answer for so long gives none: what is asked for at once is 64 MB at most. */
export const PATIENCE_MS = 5 * 60_000;

/**
 * A request that hangs would hold its task for hours, as the worker goes on heartbeating for it.
 * @param what what was asked for, in words
 * @throws Error, worth another try, where no answer has come in time; the request is left to itself
 */
export function answered<T>(what: string, asking: Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${what}: no answer for ${Math.round(patienceMs / 1000)} s; it is asked again`)),
      patienceMs,
    );
    asking.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
