import { readFileSync } from 'node:fs';
import { MockActivityEnvironment } from '@temporalio/testing';
import { copyActivities } from '../../../../activities/copy.js';
import { makeDeps } from '../../../../worker.js';

// A worker's process that copies and nothing else: it is killed in the midst of it.
const [, , file = ''] = process.argv;
const request = JSON.parse(readFileSync(file, 'utf8')) as Parameters<ReturnType<typeof copyActivities>['copyData']>[0];
const { copyData } = copyActivities(makeDeps());
await new MockActivityEnvironment().run(copyData, request);
