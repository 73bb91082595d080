import { documentAt, parameterOf, type Document, type Operation, type Schema } from './documents.js';

/** An operation of Azure's documents that a request asks for. */
export interface Found {
  document: Document;
  operation: Operation;
}

interface Entry extends Found {
  method: string;
  path: RegExp;
  /** Parameters in the path: of two that fit, the one with fewer is meant. */
  parameters: number;
}

/** Finds operations by method and path. Paths are compared without case, as Azure Resource Manager does. */
export function operationFinder(files: readonly string[]): (method: string, path: string) => Found | undefined {
  const entries = files.flatMap((file) => entriesOf(documentAt(file)));
  entries.sort((left, right) => left.parameters - right.parameters);
  return (method, path) => entries.find((entry) => entry.method === method.toLowerCase() && entry.path.test(path));
}

/** What an operation says of its request's body; undefined when it takes none. */
export function requestSchema({ document, operation }: Found): Schema | undefined {
  const parameters = (operation.parameters ?? []).map((given) => parameterOf(document, given));
  const body = parameters.find((parameter) => parameter?.in === 'body')?.schema;
  return body ?? operation.requestBody?.content['application/json']?.schema;
}

/** What an operation says of an answer: its schema, none for an empty body, or that it says nothing of such a status. */
export function answerSchema({ operation }: Found, status: number): Schema | 'empty' | 'undeclared' {
  const declared = operation.responses[String(status)] ?? (status >= 400 ? operation.responses['default'] : undefined);
  if (declared === undefined) return 'undeclared';
  return declared.schema ?? declared.content?.['application/json']?.schema ?? 'empty';
}

function entriesOf(document: Document): Entry[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      if (operation?.operationId === undefined) return [];
      const pattern = path.replace(/[.:]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
      const parameters = path.split('{').length - 1;
      return { document, operation, method, path: new RegExp(`^${pattern}$`, 'i'), parameters };
    }),
  );
}
