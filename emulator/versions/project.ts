import type { Models } from './models.js';

/**
 * Leaves out of an answer what the api-version does not know: which members a body has depends on the version that is asked
 * for, not on the entity. Members that no version's model has (the service answers some) stay.
 */
export function project(models: Models, model: string, body: unknown): unknown {
  if (!isRecord(body)) return body;
  const found = models.resolve(model, body);
  if (found === undefined) return body;
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const member = models.member(found.name, name);
    if (member === null) continue;
    const inner = member?.model ?? null;
    if (inner === null) kept[name] = value;
    else kept[name] = member?.many === true ? projectAll(models, inner, value) : project(models, inner, value);
  }
  return kept;
}

function projectAll(models: Models, model: string, values: unknown): unknown {
  if (Array.isArray(values)) return values.map((value) => project(models, model, value));
  if (!isRecord(values)) return values;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, project(models, model, value)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
