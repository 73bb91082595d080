import type { Stack, StackOptions } from '../stack/stack.js';
import { stackPlaces } from '../stack/places.js';
import { killStack, recordedParts, type RecordedPart } from '../stack/recorded.js';
import { exitCodes } from './exit-codes.js';
import { type Interrupt, pause } from './interrupt.js';

/** From the first Ctrl-C to the end of the last process. */
export const STOP_WITHIN_MS = 15_000;

/**
 * Starts a local stack, does the work, stops the stack within `STOP_WITHIN_MS` of the first Ctrl-C. A second Ctrl-C kills everything at once and ends this process.
 * @returns what the work returned; `interrupted` where Ctrl-C came before the stack was up
 */
export async function withStack(
  options: StackOptions,
  interrupt: Interrupt,
  work: (stack: Stack) => Promise<number>,
): Promise<number> {
  const places = stackPlaces(options.name);
  let stopBy = Infinity;
  interrupt.signal.addEventListener('abort', () => (stopBy = Date.now() + STOP_WITHIN_MS));
  interrupt.onAgain(() => {
    killStack(places);
    process.exit(exitCodes.interrupted.code);
  });
  const stack = await startOrGiveUp(options, interrupt);
  if (stack === null) {
    options.onProgress?.('stopped before the stack was up');
    return exitCodes.interrupted.code;
  }
  try {
    return await work(stack);
  } finally {
    await stopWithin(stack, Math.min(stopBy, Date.now() + STOP_WITHIN_MS) - Date.now());
  }
}

/** Parts that ended although nobody asked them to. */
export function endedParts(stack: Stack): RecordedPart[] {
  return recordedParts(stack.places).filter(({ alive }) => !alive);
}

/** Null where Ctrl-C came first: what had started is killed, there is nothing in it to save. */
async function startOrGiveUp(options: StackOptions, interrupt: Interrupt): Promise<Stack | null> {
  const { startStack } = await import('../stack/stack.js');
  const places = stackPlaces(options.name);
  const starting = startStack(options);
  const kill = () => killStack(places);
  interrupt.signal.addEventListener('abort', kill);
  try {
    return await starting;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    killStack(places);
    return null;
  } finally {
    interrupt.signal.removeEventListener('abort', kill);
  }
}

/** A part that does not end in time is killed. */
async function stopWithin(stack: Stack, milliseconds: number): Promise<void> {
  const stopping = stack.stop();
  const late = new AbortController();
  const timer = pause(Math.max(1000, milliseconds - 500), late.signal).then(() => {
    if (!late.signal.aborted) killStack(stack.places);
  });
  await stopping;
  late.abort();
  await timer;
}
