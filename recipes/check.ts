import { z } from 'zod';
import { PrepareOptionsSchema } from '../corpus/options.js';
import { type PhaseConfig, type RunConfig, runConfigSchema } from '../domain/config.js';
import { trainerParameters } from '../domain/trainer-config.js';
import { decidedFields } from './decided.js';
import { explain, fieldName, sentence } from './explain.js';
import { recipes } from './index.js';
import type { Source } from './source.js';

/** Something wrong with a config: where it stands, and a sentence that says what to do. */
export interface Problem {
  readonly line: number;
  readonly words: string;
}

type Path = readonly PropertyKey[];
type Issues = readonly z.core.$ZodIssue[];

/** Finds all problems of a config at once. `config` is null where the run's own fields are not valid. */
export function checkConfig(source: Source): { config: RunConfig | null; problems: Problem[] } {
  const { issues, value } = withoutUnknown(source.value);
  const parsed = runConfigSchema.safeParse(value, words);
  const readable = fieldsAlone.safeParse(value);
  const found = problemsOf(source, [...issues, ...(parsed.error?.issues ?? [])], (path) => path);
  if (!readable.success) return { config: null, problems: found };
  const deeper = [...preparationProblems(source, readable.data), ...recipeProblems(source, readable.data)];
  return { config: parsed.data ?? null, problems: [...found, ...deeper] };
}

const words = { error: explain, reportInput: true } as const;

/** The schema without what ties fields to each other: with it, a wrong sum would hide a wrong parameter. */
const fieldsAlone = z.strictObject(runConfigSchema.shape);

/** An unknown field would hide the sums, which the schema only looks at when all fields are right: it is told and taken out. */
function withoutUnknown(value: unknown): { issues: Issues; value: unknown } {
  const issues = (runConfigSchema.safeParse(value, words).error?.issues ?? []).filter(isUnknown);
  const kept = structuredClone(value);
  for (const { path, keys } of issues) {
    const parent = path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown>)[part], kept);
    for (const key of keys) delete (parent as Record<string, unknown>)[key];
  }
  return { issues, value: kept };
}

function isUnknown(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueUnrecognizedKeys {
  return issue.code === 'unrecognized_keys';
}

function problemsOf(source: Source, issues: Issues, place: (path: Path) => Path): Problem[] {
  return issues.map((issue) => {
    const shown = place(isUnknown(issue) ? [...issue.path, issue.keys[0] ?? ''] : issue.path);
    return { line: source.line(shown), words: sentence(issue, isUnknown(issue) ? shown.slice(0, -1) : shown) };
  });
}

function preparationProblems(source: Source, { data }: RunConfig): Problem[] {
  if (data.prepare === undefined) return [];
  const { error } = PrepareOptionsSchema.safeParse(data.prepare.options, words);
  return problemsOf(source, error?.issues ?? [], (path) => ['data', 'prepare', 'options', ...path]);
}

function recipeProblems(source: Source, config: RunConfig): Problem[] {
  const { recipe, parameters } = config.trainer;
  const schema = recipes[recipe];
  const at = ['trainer', 'recipe'];
  if (schema === undefined) {
    const known = Object.keys(recipes).join(', ');
    return [
      { line: source.line(at), words: `trainer.recipe is "${recipe}", which is unknown; choose one of ${known}` },
    ];
  }
  return [
    ...decidedProblems(source, ['trainer', 'parameters'], parameters),
    ...config.phases.flatMap((phase, index) => [
      ...decidedProblems(source, ['phases', index, 'parameters'], phase.parameters),
      ...(schema === null ? [] : phaseProblems(source, config, schema, phase, index)),
    ]),
  ];
}

/** What the supervisor says itself may not stand among the parameters: it would be overruled in silence. */
function decidedProblems(source: Source, at: Path, parameters: Record<string, unknown>): Problem[] {
  return Object.keys(parameters)
    .filter((key) => decidedFields.includes(key))
    .map((key) => ({
      line: source.line([...at, key]),
      words: `${fieldName([...at, key])} is decided by phases, checkpoints and watch of the config; remove it`,
    }));
}

function phaseProblems(
  source: Source,
  config: RunConfig,
  schema: z.ZodType,
  phase: PhaseConfig,
  index: number,
): Problem[] {
  const own = ['phases', index, 'parameters'];
  const common = ['trainer', 'parameters'];
  const { error } = schema.safeParse(trainerParameters(config, phase), words);
  const place = (path: Path) => (source.has([...own, ...path]) ? [...own, ...path] : [...common, ...path]);
  return [...problemsOf(source, error?.issues ?? [], place), ...lengthProblems(source, config, phase, index)];
}

/** A set of the phase's length must be among those that are prepared or converted. */
function lengthProblems(source: Source, config: RunConfig, phase: PhaseConfig, index: number): Problem[] {
  const { prepare, convert } = config.data;
  const prepared = PrepareOptionsSchema.safeParse(prepare?.options).data?.sequenceLengths;
  const made = convert === undefined ? prepared : [convert.sequenceLength];
  const length = trainerParameters(config, phase)['sequenceLength'];
  const isMissing = made !== undefined && typeof length === 'number' && !made.includes(length);
  if (!isMissing) return [];
  const at = ['phases', index, 'parameters', 'sequenceLength'];
  const there =
    convert === undefined
      ? `data.prepare.options.sequenceLengths has ${made.join(', ')} only; add it there`
      : `data.convert.sequenceLength is ${made.join(', ')}; files of the old recipe give a set of that length alone`;
  return [{ line: source.line(at), words: `phases[${index}] trains on sequences of ${length}, but ${there}` }];
}
