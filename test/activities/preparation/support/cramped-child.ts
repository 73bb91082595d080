import { readFileSync } from 'node:fs';
import { ApplicationFailure } from '@temporalio/common';
import { createDataActivities } from '../../../../activities/index.js';
import { makeDeps } from '../../../../worker.js';
import { run } from '../../support/run.js';

// Does one task with a scratch folder of somebody's choice, and says how it failed.
const [, , file = '', scratch = ''] = process.argv;
const activities = createDataActivities({ ...makeDeps(), scratch });
type Request = Parameters<typeof activities.prepareTask>[0];
const request = JSON.parse(readFileSync(file, 'utf8')) as Request;
const told = await run((input: Request) => activities.prepareTask(input), request).then(
  () => ({ message: 'it succeeded' }),
  (error: unknown) => {
    const { message } = error as Error;
    if (!(error instanceof ApplicationFailure)) return { message };
    return { type: error.type, message, nonRetryable: error.nonRetryable };
  },
);
console.log(JSON.stringify(told));
process.exit(0);
