import type { ErrorObject } from 'ajv';

/** Where a body and Azure's schema disagree. */
export interface Problem {
  /** What disagrees, the same for all operations and items that it shows in: "answer: WorkspaceProperties.etag is not declared". */
  sentence: string;
  /** Where it was seen: operation, status, and JSON pointer into the body. */
  seen: string;
  /** The member that is not declared, and the schema that does not declare it; null for other problems. */
  undeclared: { type: string; member: string } | null;
}

/** Puts what ajv found in words. */
export function problemOf(part: 'request' | 'answer', operation: string, error: ErrorObject): Problem {
  const { title = operation } = error.parentSchema as { title?: string };
  const sentence = `${part}: ${title}${memberOf(title, error)} ${wordsOf(error)}`;
  const seen = `${operation} at ${error.instancePath === '' ? '/' : error.instancePath}`;
  const isUndeclared = error.keyword === 'additionalProperties';
  const member = String(error.params['additionalProperty']);
  return { sentence, seen, undeclared: isUndeclared ? { type: title, member } : null };
}

/** A problem that lies not in a body but around it. */
export function outerProblem(sentence: string, seen: string): Problem {
  return { sentence, seen, undeclared: null };
}

/** "models/*\/versions/*\/startPendingUpload": the path of an operation that nothing declares, without the names in it. */
export function shapeOf(path: string): string {
  const below = path.replace(/^.*\/providers\/Microsoft\.MachineLearningServices\/(workspaces\/[^/]+\/)?/i, '');
  return below.replace(/([^/]+)\/[^/]+/g, '$1/*');
}

// The title of a member names it already; that of a schema of its own does not.
function memberOf(title: string, { keyword, params, instancePath }: ErrorObject): string {
  if (keyword === 'additionalProperties') return `.${String(params['additionalProperty'])}`;
  if (keyword === 'required') return `.${String(params['missingProperty'])}`;
  const member = instancePath.split('/').findLast((part) => !/^\d*$/.test(part));
  return member === undefined || title.includes('.') ? '' : ` as ${member}`;
}

function wordsOf({ keyword, message = '', params, data }: ErrorObject): string {
  if (keyword === 'additionalProperties') return 'is not declared';
  if (keyword === 'required') return 'is missing';
  if (data === null) return 'is null';
  if (keyword === 'enum')
    return `is ${JSON.stringify(data)}, none of ${(params['allowedValues'] as string[]).join(', ')}`;
  return message;
}
