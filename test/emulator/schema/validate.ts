import { Ajv, type ValidateFunction } from 'ajv';

import { outerProblem, problemOf, shapeOf, type Problem } from './problems.js';
import { Converter, type Direction } from './swagger/convert.js';
import { FILES, type Schema } from './swagger/documents.js';
import { FORMATS } from './swagger/formats.js';
import { answerSchema, operationFinder, requestSchema, type Found } from './swagger/operations.js';

/** An exchange to be judged. */
export interface Judged {
  method: string;
  path: string;
  requestText: string;
  status: number;
  answerText: string;
}

const find = operationFinder([...FILES.arm, ...FILES.history]);

/**
 * Compares an exchange with Azure's schema: the request when it was accepted, the answer always.
 *
 * @returns what disagrees; empty for an exchange that fits
 */
export function validate(judged: Judged): Problem[] {
  const { method, path, status } = judged;
  const found = find(method, path);
  if (found === undefined) return [outerProblem(`${method} ${shapeOf(path)} is not declared`, path)];
  return [...(status < 400 ? requestProblems(found, judged) : []), ...answerProblems(found, judged)];
}

function requestProblems(found: Found, { requestText }: Judged): Problem[] {
  if (requestText === '') return [];
  const schema = requestSchema(found);
  const { operationId } = found.operation;
  if (schema === undefined) return [outerProblem(`request: ${operationId} takes no body`, requestText.slice(0, 100))];
  return bodyProblems(found, 'request', operationId, schema, requestText);
}

function answerProblems(found: Found, { status, answerText }: Judged): Problem[] {
  const schema = answerSchema(found, status);
  const seen = `${found.operation.operationId} ${status}`;
  if (schema === 'undeclared') return [outerProblem(`answer: ${seen} is not declared`, seen)];
  if (schema === 'empty') {
    return answerText === '' ? [] : [outerProblem(`answer: ${seen} has a body`, answerText.slice(0, 100))];
  }
  if (answerText === '') return [outerProblem(`answer: ${seen} has no body`, seen)];
  return bodyProblems(found, 'answer', seen, schema, answerText);
}

function bodyProblems(found: Found, part: Direction, seen: string, schema: Schema, text: string): Problem[] {
  const check = checkFor(found, part, schema);
  if (check(JSON.parse(text))) return [];
  // "if" only says that one of its branches did not fit, which that branch has said itself.
  return (check.errors ?? []).filter(({ keyword }) => keyword !== 'if').map((error) => problemOf(part, seen, error));
}

const checks: Record<Direction, Checks> = { request: checksFor('request'), answer: checksFor('answer') };

function checkFor({ document }: Found, direction: Direction, schema: Schema): ValidateFunction {
  const { compiled, converter, ajv } = checks[direction];
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const root = converter.convert({ document, schema });
  for (const [key, definition] of converter.take()) ajv.addSchema(definition, key);
  const check = ajv.compile(root);
  compiled.set(schema, check);
  return check;
}

interface Checks {
  converter: Converter;
  ajv: Ajv;
  compiled: WeakMap<Schema, ValidateFunction>;
}

// One for all operations: most of them lead to the same hundreds of schemas.
function checksFor(direction: Direction): Checks {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, validateSchema: false, formats: FORMATS });
  return { converter: new Converter(direction), ajv, compiled: new WeakMap() };
}
