import type { Models } from './models.js';

/** Where a walk through a body stands. */
interface Place {
  /** Characters of the compact body before the value. */
  at: number;
  /** Path of the value within the nearest object whose kind was told by a member: the service reads such objects anew. */
  path: string;
}

/**
 * Finds the members of a request that the api-version does not know, in the service's own words.
 *
 * The position counts in the body written without spaces, whatever the client sent: two of one recorded answer lie as far
 * apart as they do there (assets_command_job__unknown_member_400_2025_01_01_preview.json).
 *
 * @returns one sentence a member, in the order of the body; empty when all are known
 */
export function unknownMembers(models: Models, model: string, body: unknown): string[] {
  return walk(models, model, body, { at: 0, path: '' });
}

function walk(models: Models, model: string, value: unknown, place: Place): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const found = models.resolve(model, value);
  if (found === undefined) return [];
  const base = found.polymorphic ? '' : place.path;
  return entries(value, place.at).flatMap(({ name, inner, at }) => {
    const path = base === '' ? name : `${base}.${name}`;
    const member = models.member(found.name, name);
    if (member === undefined || member === null) return [sentence(name, found.name, path, at)];
    if (member.model === null) return [];
    const { model: next, many } = member;
    return many ? walkAll(models, next, inner, { at, path }) : walk(models, next, inner, { at, path });
  });
}

function walkAll(models: Models, model: string, values: unknown, place: Place): string[] {
  if (typeof values !== 'object' || values === null) return [];
  return entries(values, place.at).flatMap(({ name, inner, at }) => {
    const path = Array.isArray(values) ? `${place.path}[${name}]` : `${place.path}.${name}`;
    return walk(models, model, inner, { at, path });
  });
}

/** Members of an object or items of a list, each with the position at which its value begins. */
function entries(value: object, start: number): { name: string; inner: unknown; at: number }[] {
  let at = start + 1;
  return Object.entries(value).map(([name, inner]) => {
    const label = Array.isArray(value) ? 0 : JSON.stringify(name).length + 1;
    const entry = { name, inner: inner as unknown, at: at + label };
    at = entry.at + (JSON.stringify(inner) ?? 'null').length + 1;
    return entry;
  });
}

function sentence(member: string, type: string, path: string, position: number): string {
  return `Could not find member '${member}' on object of type '${type}'. Path '${path}', line 1, position ${position}.`;
}
