import type { z } from 'zod';

/** Words for what a schema found, for a reader who has the config before them: what is there, and what should be. */
export const explain: z.core.$ZodErrorMap = (issue) => {
  const isMissing = issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
  if (isMissing) return 'is missing; add it (docs/config.md says what it holds)';
  const is = `is ${show(issue.input)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `${is}, but must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `${is}; choose ${issue.values.length === 1 ? '' : 'one of '}${issue.values.join(', ')}`;
    case 'invalid_union':
      return `${is}, which has none of the forms that docs/config.md lists`;
    case 'too_small':
      return `${is}, but must ${bound(issue.origin)} ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `${is}, but must ${bound(issue.origin)} ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
    default:
      return undefined;
  }
};

const kinds: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with fields',
  record: 'a section with fields',
};

function bound(origin: string): string {
  if (origin === 'string') return 'have a length of';
  return origin === 'array' ? 'have a count of' : 'be';
}

/** A value as the reader wrote it, short. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** One sentence about a problem: the field, and what is wrong with it. */
export function sentence(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string {
  const field = fieldName(path);
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys.map((key) => `"${key}"`).join(', ');
    const noun = issue.keys.length === 1 ? 'field' : 'fields';
    return `unknown ${noun} ${unknown} in ${field}; remove or correct it (docs/config.md lists every field)`;
  }
  if (issue.code === 'invalid_format')
    return `${field} is ${show(issue.input)}, which cannot be used: ${issue.message}`;
  return `${field}${/^(is|must) /.test(issue.message) ? '' : ':'} ${issue.message}`;
}

/** `phases[0].parameters.seed` */
export function fieldName(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the config';
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1);
}
