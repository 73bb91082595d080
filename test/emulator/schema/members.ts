import { createRouter } from '../../../emulator/http/router.js';
import { ROUTES } from '../../../emulator/routes.js';
import { Models } from '../../../emulator/versions/models.js';
import type { Problem } from './problems.js';
import type { Judged } from './validate.js';

const router = createRouter(ROUTES);

/**
 * Compares an answer of the management plane with the models of its api-version: the one proof for versions whose Swagger is
 * not at hand. The models come from azure-ai-ml, corrected where a recording says otherwise (`emulator/versions/`).
 *
 * @returns the members that the version's models do not have
 */
export function unknownToModels({ method, path, status, answerText }: Judged, version: string): Problem[] {
  const model = answerModel(method, path);
  const models = Models.of(version);
  if (model === undefined || models === undefined || status >= 400 || answerText === '') return [];
  const body: unknown = JSON.parse(answerText);
  const list = (body as { value?: unknown } | null)?.value;
  const items: unknown[] = Array.isArray(list) ? list : [body];
  return items
    .flatMap((item) => walk(models, model, item))
    .map((name) => ({
      sentence: `answer: ${name} is in no model`,
      seen: `${method} ${path} at ${version}`,
      undeclared: null,
    }));
}

function answerModel(method: string, path: string): string | undefined {
  try {
    return router(method, path).route.answer;
  } catch {
    return undefined;
  }
}

function walk(models: Models, model: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const found = models.resolve(model, value);
  if (found === undefined) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const member = models.member(found.name, name);
    if (member === undefined || member === null) return [`${found.name}.${name}`];
    if (member.model === null) return [];
    const next = member.model;
    if (!member.many) return walk(models, next, inner);
    const values: unknown[] = typeof inner === 'object' && inner !== null ? Object.values(inner) : [];
    return values.flatMap((each) => walk(models, next, each));
  });
}
