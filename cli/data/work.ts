import type { BerthaClient, DataAction, DataResult, DataWork } from '../../client.js';
import type { DataConfig } from '../../domain/config-data-file.js';
import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { type Interrupt, pause } from '../interrupt.js';
import { progressLine } from './progress.js';
import { withData } from './session.js';

const LOOK_EVERY_MS = 1000;

/** `bertha data plan|prepare|convert|copy|verify CONFIG` */
export function doData(call: Call, action: DataAction, file: string): Promise<number> {
  return withData(call, { action, file }, async (client, config, interrupt) => {
    const result = await resultOf(call, client, { action, config, interrupt });
    if (result === null) return exitCodes.interrupted.code;
    call.answer({ type: 'data', ...result }, linesOf(call, result, file));
    const isBad = result.action === 'verify' && result.verified.bad.length > 0;
    return isBad ? exitCodes.failed.code : exitCodes.ok.code;
  });
}

interface Wish {
  readonly action: DataAction;
  readonly config: DataConfig;
  readonly interrupt: Interrupt;
}

/** Starts or joins the work and says how far it is. @returns null where Ctrl-C came first */
export async function resultOf(
  call: Call,
  client: BerthaClient,
  { action, config, interrupt }: Wish,
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
    call.note(`${action} of ${data.name} goes on where a worker runs; say it again to join it`);
    return null;
  }
  const outcome = await ended;
  if ('failed' in outcome) throw new Failure('failed', `${action} of dataset ${data.name} failed: ${outcome.failed}`);
  return outcome.result;
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

function linesOf(call: Call, result: DataResult, file: string): string[] {
  const next = (verb: string) => call.command(`data ${verb} ${file}`);
  switch (result.action) {
    case 'plan':
      return planLines(result, next);
    case 'prepare':
    case 'convert':
      return [
        `${result.action === 'prepare' ? 'prepared' : 'converted'}${result.prepared.reused ? ' before' : ''}: ${result.prepared.summary}`,
        `folder ${result.prepared.folder}, content ${result.prepared.contentId}`,
        `look at it with: ${next('show')}`,
      ];
    case 'copy': {
      const { blobs, bytes, copied, folder } = result.copied;
      return [`${blobs} blobs, ${(bytes / 1e6).toFixed(1)} MB verified in ${folder}, ${copied} copied`];
    }
    case 'verify': {
      const { files, bytes, bad, folder } = result.verified;
      const words = `${files} files, ${(bytes / 1e6).toFixed(1)} MB in ${folder}`;
      return bad.length === 0
        ? [`${words}: every one is as its manifest says`]
        : [`${words}: ${bad.length} bad`, ...bad];
    }
  }
}

function planLines(result: DataResult & { action: 'plan' }, next: (verb: string) => string): string[] {
  const { outline, folder, files } = result;
  if (files !== undefined)
    return [`${files} files of the old recipe, to ${folder}`, `convert them with: ${next('convert')}`];
  if (outline === null) return [`the dataset is there already, in ${folder}: nothing is to be prepared`];
  const { pieces, sets, bytes, prepared, nearDuplicates } = outline;
  if (prepared !== null) return [`prepared already: ${prepared.summary}`, `folder ${prepared.folder}`];
  const many = pieces === 1 ? 'piece' : 'pieces';
  return [
    `${(bytes / 1e6).toFixed(1)} MB of input in ${pieces} ${many}, ${sets} sets of shards`,
    ...(nearDuplicates === undefined
      ? []
      : [`near duplicates are left out: pages with ${Math.round(100 * nearDuplicates)} % of their text in common`]),
    `prepare it with: ${next('prepare')}`,
  ];
}
