import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { PrepareOptionsSchema } from '../corpus/options.js';
import { type RunConfig, runConfigSchema } from '../domain/config.js';
import { trainerParameters } from '../domain/trainer-config.js';
import { recipes } from './index.js';

/** A config that cannot be used; `message` has one line per problem, each with file, line, field, what is wrong and what to do. */
export class ConfigError extends Error {}

/**
 * Reads and checks a run config: YAML, schema, the preparation's and the recipe's own parameters.
 * @throws ConfigError with every problem found
 */
export function loadConfig(file: string): RunConfig {
  return parseConfig(read(file), file);
}

export function parseConfig(text: string, file: string): RunConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken !== undefined) throw new ConfigError(`${file}: not valid YAML: ${broken.message.split('\n')[0] ?? ''}`);
  const where = (path: readonly PropertyKey[]) => {
    const node = nodeAt(document, path);
    return node === null ? file : `${file}:${lines.linePos(node).line}`;
  };
  const parsed = runConfigSchema.safeParse(document.toJS());
  if (!parsed.success) throw new ConfigError(problems(parsed.error, where));
  const config = parsed.data;
  const more = [...preparationProblems(config, where), ...recipeProblems(config, where)];
  if (more.length > 0) throw new ConfigError(more.join('\n'));
  return config;
}

type Where = (path: readonly PropertyKey[]) => string;

function preparationProblems(config: RunConfig, where: Where): string[] {
  if (config.data.prepare === undefined) return [];
  const parsed = PrepareOptionsSchema.safeParse(config.data.prepare.options);
  return parsed.success ? [] : [problems(parsed.error, where, ['data', 'prepare', 'options'])];
}

function recipeProblems(config: RunConfig, where: Where): string[] {
  const recipe = recipes[config.trainer.recipe];
  if (recipe === undefined) return [`${where(['trainer', 'recipe'])}: trainer.recipe "${config.trainer.recipe}" is unknown; choose one of ${Object.keys(recipes).join(', ')}`];
  if (recipe === null) return [];
  return config.phases.flatMap((phase, index) => {
    const parsed = recipe.safeParse(trainerParameters(config, phase));
    return parsed.success ? [] : [problems(parsed.error, where, ['phases', index, 'parameters'])];
  });
}

function problems(error: z.ZodError, where: Where, under: readonly PropertyKey[] = []): string {
  return error.issues
    .map((issue) => {
      const path = [...under, ...issue.path];
      const field = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('').replace(/^\./, '');
      if (issue.code === 'unrecognized_keys') {
        const unknown = issue.keys.map((key) => `"${key}"`).join(', ');
        return `${where([...path, issue.keys[0] ?? ''])}: unknown ${issue.keys.length === 1 ? 'field' : 'fields'} ${unknown} in ${field || 'the config'}; remove or correct it (docs/config.md lists every field)`;
      }
      return `${where(path)}: ${field || 'config'}: ${issue.message}`;
    })
    .join('\n');
}

function nodeAt(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number | null {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range !== undefined) return node.range[0];
  }
  return null;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`the config ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
