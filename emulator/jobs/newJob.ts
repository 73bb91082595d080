import { isLocal, type Job, type JobRequest } from '../entities/job.js';
import { newGuid } from '../options.js';

/** A job as it is taken in. @param experimentId of its experiment; undefined: it is the first one in it */
export function newJob(name: string, request: JobRequest, experimentId: string | undefined, at: Date): Job {
  const now = at.toISOString();
  const status = isLocal(request) ? 'NotStarted' : 'Starting';
  return {
    name,
    request,
    status,
    createdAt: now,
    modifiedAt: now,
    runUuid: newGuid(),
    runNumber: Math.floor(at.getTime() / 1000),
    experimentId: experimentId ?? newGuid(),
    attempt: 1,
    revision: 0,
    history: [{ status, at: now }],
    startedAt: null,
    lastStartedAt: null,
    endedAt: null,
    error: null,
    warnings: [],
    cancelationReason: null,
    nodes: [],
    logs: [],
  };
}
