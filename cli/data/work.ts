import type { DataAction, DataResult, DataWork } from '../../client.js';
import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { pause } from '../interrupt.js';
import { progressLine } from './progress.js';
import { isBad, linesOf } from './words.js';
import { type DataSession, withData } from './session.js';

const LOOK_EVERY_MS = 1000;

/** `bertha data plan|prepare|convert|copy|verify CONFIG` */
export function doData(call: Call, action: DataAction, file: string): Promise<number> {
  return withData(call, { action, file }, async (session) => {
    const result = await resultOf(call, session, action, file);
    if (result === null) return exitCodes.interrupted.code;
    call.answer({ type: 'data', ...result }, linesOf(call, result, file));
    return isBad(result) ? exitCodes.failed.code : exitCodes.ok.code;
  });
}

/** Starts or joins the work and says how far it is. @returns null where Ctrl-C came first */
export async function resultOf(
  call: Call,
  { client, config, interrupt, isAlone }: DataSession,
  action: DataAction,
  file: string,
): Promise<DataResult | null> {
  const { azure, storage, data } = config;
  const request = { place: { run: `data-${data.name}`, azure, storage }, data };
  const work = await client.workOnData({ action, request });
  const over = new AbortController();
  const ended = work.result().then(
    (result) => ({ result }),
    (error: unknown) => ({ failed: error instanceof Error ? error.message : String(error) }),
  );
  void ended.then(() => over.abort());
  const stop = AbortSignal.any([over.signal, interrupt.signal]);
  await follow(call, work, stop);
  if (!over.signal.aborted) {
    call.note(interruptedSentence(call, { action, dataset: data.name, isAlone }, file));
    return null;
  }
  const outcome = await ended;
  if ('failed' in outcome) throw new Failure('failed', `${action} of dataset ${data.name} failed: ${outcome.failed}`);
  return outcome.result;
}

/** What becomes of the work that nobody looks at any more, and how to come back to it. */
export function interruptedSentence(
  call: Call,
  { action, dataset, isAlone }: { readonly action: DataAction; readonly dataset: string; readonly isAlone: boolean },
  file: string,
): string {
  const again = call.command(`data ${action} ${file}`);
  const what = `${action} of dataset ${dataset}`;
  return isAlone
    ? `stopping the local stack, and ${what} with it; what is done is kept, go on with: ${again}`
    : `${what} goes on; look again with: ${again}, stop it with: ${call.command(`data cancel ${file}`)}`;
}

async function follow(call: Call, work: DataWork, signal: AbortSignal): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    await pause(LOOK_EVERY_MS, signal);
    const progress = signal.aborted ? null : await work.progress();
    if (progress === null) continue;
    const line = progressLine(progress, Date.now());
    if (line !== last) call.note(line);
    last = line;
  }
}
