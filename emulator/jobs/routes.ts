import { isDeepStrictEqual } from 'node:util';

import { isTerminal, type Job, type JobRequest } from '../entities/job.js';
import { mfeFault } from '../http/fault.js';
import { page } from '../http/page.js';
import { WORKSPACE, ok, param, type Call, type Reply, type Route } from '../http/route.js';
import { jobOperationRoutes, startJobOperation } from './operations.js';
import { newestFirst } from './order.js';
import { readJob } from './request.js';
import { jobPageText } from './pages.js';
import { jobText } from './texts.js';
import { jobBody } from './wire.js';

const JOB = `${WORKSPACE}/jobs/:job`;
const PAGE = 100;
const answer = 'JobBase';
const MUTABLE = ['description', 'tags', 'displayName', 'properties', 'isArchived'] as const;

/** Jobs. */
export const jobRoutes: readonly Route[] = [
  { method: 'GET', path: `${WORKSPACE}/jobs`, guard: 'arm', title: 'Jobs by type, tag and view', answer, handle: list },
  {
    method: 'PUT',
    path: JOB,
    guard: 'arm',
    title: 'Submit a command job, or change its tags',
    request: answer,
    answer,
    handle: put,
  },
  {
    method: 'GET',
    path: JOB,
    guard: 'arm',
    title: 'A job',
    answer,
    handle: (call) => ({ status: 200, text: jobText(call, existing(call)) }),
  },
  { method: 'DELETE', path: JOB, guard: 'arm', title: 'Delete a job', handle: remove },
  { method: 'POST', path: `${JOB}/cancel`, guard: 'arm', title: 'Cancel a job', handle: cancel },
  ...jobOperationRoutes,
];

function put(call: Call): Reply {
  const name = param(call, 'job');
  checkName(name);
  const request = readJob(name, call.body);
  const before = call.world.jobs.get(name);
  if (before !== undefined) return update(call, before, request);
  const job = call.world.jobs.submit(name, request);
  return { status: 201, headers: { Location: call.url.href }, body: jobBody(call, job) };
}

// A PUT of an existing name updates what may change, and refuses the rest; an identical one is harmless.
function update(call: Call, job: Job, request: JobRequest): Reply {
  const mutable: readonly string[] = MUTABLE;
  const keys = Object.keys(request) as (keyof JobRequest)[];
  const changed = keys.filter((key) => !mutable.includes(key) && !isDeepStrictEqual(request[key], job.request[key]));
  if (changed.length > 0) throw immutable(changed);
  for (const key of MUTABLE) Object.assign(job.request, { [key]: request[key] });
  return ok(jobBody(call, call.world.jobs.save(job)));
}

// Text of an issue at MicrosoftDocs/azure-docs (122250); the status was never recorded.
function immutable(changed: string[]): Error {
  const names = changed.map((key) => `${key.charAt(0).toUpperCase()}${key.slice(1)}`).join(', ');
  return mfeFault(400, {
    message: `A job with this name already exists. If you are trying to create a new job, use a different name. If you are trying to update an existing job, the existing job's ${names} cannot be changed. Only description, tags, displayName, properties, and isArchived can be updated.`,
    inner: ['Immutable', 'JobPropertyImmutable'],
    parameters: { property: names },
  });
}

function list(call: Call): Reply {
  const view = call.query.get('listViewType') ?? 'ActiveOnly';
  const type = call.query.get('jobType');
  const tag = call.query.get('tag');
  const jobs = newestFirst(call.world.jobs.all()).filter(
    ({ request }) =>
      (view === 'All' || request.isArchived === (view === 'ArchivedOnly')) &&
      (type === null || type === 'Command') &&
      (tag === null || hasTag(request.tags, tag)),
  );
  const { value, nextLink } = page(call, jobs, PAGE);
  return { status: 200, text: jobPageText(call, value, nextLink) };
}

function hasTag(tags: Record<string, string | null>, wanted: string): boolean {
  const [name = '', ...value] = wanted.split('=');
  return name in tags && (value.length === 0 || tags[name] === value.join('='));
}

function cancel(call: Call): Reply {
  const job = existing(call);
  if (isTerminal(job.status)) return { status: 200 };
  call.world.jobs.cancel(job.name, 'The job was canceled by its user.');
  return { status: 202, headers: startJobOperation(call, 'jc', job.name), body: null };
}

function remove(call: Call): Reply {
  const job = existing(call);
  if (!isTerminal(job.status)) {
    throw mfeFault(400, {
      message: `Job ${job.name} is ${job.status}; cancel it before deleting it.`,
      inner: ['BadArgument'],
    });
  }
  call.world.jobs.delete(job.name);
  return { status: 202, headers: startJobOperation(call, 'jd', job.name) };
}

function existing(call: Call): Job {
  const name = param(call, 'job');
  const job = call.world.jobs.get(name);
  if (job !== undefined) return job;
  throw mfeFault(404, {
    message: `Job ${name} not found.`,
    inner: ['NotFound', 'JobNotFound'],
    format: 'Job {jobId} not found.',
    parameters: { jobId: name },
  });
}

function checkName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/.test(name)) return;
  throw mfeFault(400, {
    message: `Job name '${name}' is invalid: it may hold letters, digits, '-' and '_', begins with a letter or digit, and has fewer than 256 characters.`,
    inner: ['BadArgument', 'ArgumentInvalid'],
  });
}
