import { defineQuery } from '@temporalio/workflow';
import type { RunStatus } from '../domain/status.js';

/** A query, because it must answer at once and change nothing. The same object lies in the memo, readable while no worker runs. */
export const statusQuery = defineQuery<RunStatus>('status');
