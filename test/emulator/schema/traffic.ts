import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';

import type { Exchange } from '../../../emulator/http/exchange.js';
import type { Call } from '../../../emulator/http/route.js';
import { jobBody } from '../../../emulator/jobs/wire.js';
import type { Emulator } from '../../../emulator/server.js';
import { projected } from '../../../emulator/versions/interceptor.js';
// Its hook must come before the one below: those behind a hook that fails are not run, and Azurite would be left behind.
import '../support/storage.js';
import { judge } from './judge.js';
import { record, type Recorded } from './recorder.js';
import { recordedProblems } from './recordings.js';
import { unexcused } from './report.js';
import { SWAGGER } from './swagger/documents.js';

const seen: Recorded[][] = [];
const otherThanPrinted: string[] = [];

/** Has everything that the tests of the area ask of an emulator, and all its answers, held against what is known of Azure at the end. */
export function watchTraffic(emulator: Pick<Emulator, 'world'>): void {
  seen.push(record(emulator));
  emulator.world.observers.push((exchange) => {
    const printed = printedAnew(exchange);
    const text = exchange.text.toString();
    if (printed !== undefined && printed !== text)
      otherThanPrinted.push(`${exchange.target}: ${firstDifference(text, printed)}`);
  });
}

after('hold all traffic against the schema of Azure', function () {
  this.timeout(60_000);
  assert.deepEqual(otherThanPrinted, [], 'answers from kept texts are other than the bodies printed anew');
  if (!existsSync(SWAGGER)) return;
  const problems = seen.flat().flatMap((each) => judge(each, each.version));
  assert.deepEqual(unexcused(problems, recordedProblems()), []);
});

/** What an answer with jobs would be if it were printed at this moment, without the texts that are kept of jobs. */
function printedAnew({ call, status, text }: Exchange): string | undefined {
  if (call === null || status !== 200 || call.method !== 'GET' || call.route.answer !== 'JobBase') return undefined;
  if (call.params['job'] !== undefined) return JSON.stringify(bodyOf(call, call.params['job']), null, 2);
  const { value, nextLink } = JSON.parse(text.toString()) as { value: { name: string }[]; nextLink?: string };
  const list = { value: value.map(({ name }) => bodyOf(call, name)), ...(nextLink === undefined ? {} : { nextLink }) };
  return JSON.stringify(list, null, 2);
}

function bodyOf(call: Call, name: string): unknown {
  const job = call.world.jobs.get(name);
  return job === undefined ? `there is no job ${name}` : projected(call, jobBody(call, job));
}

function firstDifference(text: string, printed: string): string {
  const at = [...text].findIndex((character, index) => character !== printed[index]);
  return `"${text.slice(at - 40, at + 40)}" instead of "${printed.slice(at - 40, at + 40)}"`;
}
