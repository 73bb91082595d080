import { armFault, type Fault } from '../http/fault.js';
import type { Interceptor } from '../http/interceptor.js';
import { invalidFields } from '../http/invalid.js';
import type { Call } from '../http/route.js';
import { API_VERSIONS, Models } from './models.js';
import { project } from './project.js';
import { unknownMembers } from './strict.js';

/**
 * Makes calls of the management plane speak their api-version: one must be named and known, members that it does not know
 * are refused in requests (400, as recorded) and left out of answers.
 */
export const apiVersions: Interceptor = async (call, next) => {
  const { route } = call;
  if (route.guard !== 'arm') return next();
  const models = modelsOf(call);
  if (route.request !== undefined) {
    const unknown = unknownMembers(models, route.request, call.body);
    if (unknown.length > 0) throw invalidFields(unknown);
  }
  const reply = await next();
  if (route.answer === undefined || reply.status >= 400) return reply;
  return { ...reply, body: answer(models, route.answer, reply.body) };
};

/** A body of the call's route without the members that its api-version does not know. */
export function projected(call: Call, body: object): unknown {
  return call.route.answer === undefined ? body : answer(modelsOf(call), call.route.answer, body);
}

function modelsOf(call: Call): Models {
  const version = call.query.get('api-version');
  if (version === null) throw missing();
  const models = Models.of(version);
  if (models === undefined) throw unsupported(version);
  return models;
}

function answer(models: Models, model: string, body: unknown): unknown {
  const list = (body as { value?: unknown } | undefined)?.value;
  if (!Array.isArray(list)) return project(models, model, body);
  return { ...(body as object), value: list.map((item) => project(models, model, item)) };
}

// Texts of the ARM front door, as its documentation of errors has them.
function missing(): Fault {
  return armFault(
    400,
    'MissingApiVersionParameter',
    'The api-version query parameter (?api-version=) is required for all requests.',
  );
}

function unsupported(version: string): Fault {
  return armFault(
    400,
    'InvalidApiVersionParameter',
    `The api-version '${version}' is invalid. The supported versions are '${API_VERSIONS.toReversed().join(',')}'.`,
  );
}
