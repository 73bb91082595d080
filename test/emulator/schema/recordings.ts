import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Models } from '../../../emulator/versions/models.js';
import { unknownToModels } from './members.js';
import type { Problem } from './problems.js';
import { VERSION } from './swagger/documents.js';
import { validate } from './validate.js';

/** The folder of recordings of the real service, beside the clone or in BERTHA_SHARED. */
export const RECORDINGS = join(process.env['BERTHA_SHARED'] ?? resolve('..', 'shared'), 'azure-recordings');

interface Recording {
  method: string;
  url: string;
  requestBody: unknown;
  status: number;
  responseBody: unknown;
}

/** A recording in which the real service disagrees with its own schema. */
export interface Witness {
  file: string;
  /** null on the data plane. */
  version: string | null;
}

/**
 * Holds the recordings against the schema too: what the real service was recorded to do is right, whatever its schema says.
 * A member that only the api-version of the recording knows is no witness for that of the schema.
 *
 * @returns by the sentence of each problem, the recordings that show it
 */
export function recordedProblems(): Map<string, Witness[]> {
  const problems = new Map<string, Witness[]>();
  for (const file of readdirSync(RECORDINGS).filter((name) => name.endsWith('.json'))) {
    for (const exchange of JSON.parse(readFileSync(join(RECORDINGS, file), 'utf8')) as Recording[]) {
      const version = new URL(exchange.url).searchParams.get('api-version');
      for (const problem of problemsOf(exchange, version)) {
        if (isOfAnotherVersion(problem, version)) continue;
        problems.set(problem.sentence, [...(problems.get(problem.sentence) ?? []), { file, version }]);
      }
    }
  }
  return problems;
}

function problemsOf(exchange: Recording, version: string | null): Problem[] {
  const { method, url, requestBody, status, responseBody } = exchange;
  const answerText = textOf(responseBody);
  const path = decodeURIComponent(new URL(url).pathname);
  const isOurs = /\/providers\/Microsoft\.MachineLearningServices\//i.test(path);
  const isJson = answerText === '' || /^[{[n]/.test(answerText);
  if (!isOurs || !isJson) return [];
  const judged = { method, path, requestText: textOf(requestBody), status, answerText };
  return [...validate(judged), ...(version === null ? [] : unknownToModels(judged, version))];
}

function isOfAnotherVersion({ undeclared }: Problem, version: string | null): boolean {
  if (undeclared === null || version === null) return false;
  const knows = (at: string): boolean => {
    const member = Models.of(at)?.member(undeclared.type, undeclared.member);
    return member !== undefined && member !== null;
  };
  return knows(version) && !knows(VERSION);
}

function textOf(body: unknown): string {
  if (body === null || body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
