import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Json } from '../support/json.js';

/** A request to the real service with its answer, as recorded. */
export interface Exchange {
  /** File without `.json`. */
  file: string;
  /** Place in the file, from 0. */
  index: number;
  method: string;
  url: URL;
  requestBody: unknown;
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** undefined: an empty body; a string: text that is no JSON. */
  body: Json;
}

/** Where the recordings are: `azure-recordings` of `BERTHA_SHARED`, or of `shared` beside the clone. */
export const RECORDINGS = join(process.env['BERTHA_SHARED'] ?? resolve('..', 'shared'), 'azure-recordings');

/** Names of all recordings, without `.json`; none where there is no such folder. */
export function recordingNames(): string[] {
  if (!existsSync(RECORDINGS)) return [];
  const files = readdirSync(RECORDINGS).filter((file) => file.endsWith('.json'));
  return files.map((file) => file.slice(0, -'.json'.length)).sort();
}

/** Reads one recording. */
export function readRecording(file: string): Exchange[] {
  const entries = JSON.parse(readFileSync(join(RECORDINGS, `${file}.json`), 'utf8')) as Json[];
  return entries.map((entry, index) => ({
    file,
    index,
    method: entry.method,
    url: new URL(entry.url),
    requestBody: entry.requestBody ?? undefined,
    status: entry.status,
    headers: Object.fromEntries(
      Object.entries(entry.responseHeaders as Record<string, string>).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]),
    ),
    body: bodyOf(entry.responseBody),
  }));
}

/** How an exchange is named in tables: `file[3] GET computes/cpu-cluster 200`. */
export function titleOf(exchange: Exchange): string {
  const path = exchange.url.pathname.replace(
    /^.*\/(workspaces\/[^/]+\/|locations\/[^/]+\/|subscriptions\/[^/]+\/)/i,
    '',
  );
  const short = path.length > 60 ? `${path.slice(0, 57)}...` : path;
  return `${exchange.file}[${exchange.index}] ${exchange.method} ${short} ${exchange.status}`;
}

// The recordings write an empty body as null, the literal null as a string, and HTML as its lines.
function bodyOf(recorded: Json): Json {
  if (recorded === null) return undefined;
  if (recorded === 'null') return null;
  if (Array.isArray(recorded) && recorded.every((line) => typeof line === 'string')) return recorded.join('');
  return recorded;
}
