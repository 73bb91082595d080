import { differences } from './shape.js';
import type { Json } from '../support/json.js';
import { readRecording, type Exchange } from './files.js';
import { headerDifferences } from './headers.js';
import { kindOf } from './kinds.js';
import { prepare } from './prepare/prepare.js';
import { scopeOf, setStage, type Stage } from './stage.js';
import type { Answer } from '../support/service.js';

const OPERATION = /\/locations\/[^/]+\/\w*Operation\w*\//;

/** What became of one exchange. */
export interface Outcome {
  exchange: Exchange;
  /** Why the answer is another than the recorded one; empty for a match. */
  reasons: string[];
}

/** Replays a recording against a fresh emulator (one a workspace in it). Exchanges outside of what is measured are left out. */
export async function replay(file: string): Promise<Outcome[]> {
  const recording = readRecording(file);
  const stages = new Map<string, Stage>();
  const outcomes: Outcome[] = [];
  try {
    for (const exchange of recording.filter((each) => kindOf(each) !== 'outside')) {
      const scope = scopeOf(exchange, recording);
      const key = JSON.stringify(scope);
      const stage = stages.get(key) ?? (await setStage(scope));
      stages.set(key, stage);
      outcomes.push({ exchange, reasons: await replayOne(stage, exchange, recording) });
    }
  } finally {
    await Promise.all([...stages.values()].map((stage) => stage.close()));
  }
  return outcomes;
}

async function replayOne(stage: Stage, exchange: Exchange, recording: readonly Exchange[]): Promise<string[]> {
  const tidyUp = await prepare(stage, exchange, recording);
  const body = exchange.requestBody === undefined ? undefined : translated(stage, JSON.stringify(exchange.requestBody));
  const answer = await stage.call(exchange.method, addressOf(stage, exchange), body);
  await tidyUp();
  remember(stage, exchange, answer.headers);
  if (answer.status !== exchange.status)
    return [`status ${exchange.status} recorded, ${answer.status} answered: ${messageOf(answer.text)}`];
  const headers = headerDifferences(exchange, translatedBack(stage, answer.headers));
  return [...headers, ...differences(exchange.body, read(stage, answer.text), exchange.url.pathname)];
}

function addressOf(stage: Stage, { url }: Exchange): string {
  const link = stage.links.get(url.pathname);
  return link === undefined ? translated(stage, `${url.pathname}${url.search}`) : `${link}${url.search}`;
}

/** Remembers what the answer made, and where its operation is polled. */
function remember(stage: Stage, exchange: Exchange, answered: Answer['headers']): void {
  for (const name of ['azure-asyncoperation', 'location']) {
    const [recorded, given] = [exchange.headers[name], answered[name]];
    if (recorded === undefined || given === undefined) continue;
    const { pathname } = new URL(recorded);
    if (OPERATION.test(pathname)) stage.links.set(pathname, new URL(String(given)).pathname);
  }
  if (exchange.method === 'PUT' && exchange.status < 300) stage.made.add(exchange.url.pathname.toLowerCase());
}

function translated(stage: Stage, text: string): string {
  return [...stage.aliases].reduce((all, [recorded, ours]) => all.replaceAll(recorded, ours), text);
}

function translatedBack(stage: Stage, headers: Answer['headers']): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, back(stage, String(value))]));
}

function back(stage: Stage, text: string): string {
  return [...stage.aliases].reduce((all, [recorded, ours]) => all.replaceAll(ours, recorded), text);
}

function read(stage: Stage, text: string): Json {
  if (text === '') return undefined;
  try {
    return JSON.parse(back(stage, text));
  } catch {
    return text;
  }
}

function messageOf(text: string): string {
  try {
    return JSON.parse(text).error.message;
  } catch {
    return text.slice(0, 100);
  }
}
