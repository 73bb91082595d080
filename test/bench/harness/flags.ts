import { parseArgs } from 'node:util';

/**
 * Reads the flags of a bench: `--json`, and numbers by name.
 *
 * @param defaults every number that the bench knows
 * @throws Error with a sentence for an unknown flag or a value that is no whole number above 0
 */
export function flags<Numbers extends Record<string, number>>(
  args: string[],
  defaults: Numbers,
): Numbers & { json: boolean } {
  const names = Object.keys(defaults);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parsed(args, { ...options, json: { type: 'boolean' as const } }, names);
  const numbers = names.map((name) => [name, numberIn(name, values[name], defaults[name] ?? 0)] as const);
  return { ...(Object.fromEntries(numbers) as Numbers), json: values['json'] === true };
}

function parsed(
  args: string[],
  options: Record<string, { type: 'string' | 'boolean' }>,
  names: readonly string[],
): { values: Record<string, string | boolean | undefined> } {
  try {
    return parseArgs({ args, options });
  } catch (error) {
    const known = ['--json', ...names.map((name) => `--${name} N`)].join(', ');
    throw new Error(`${(error as Error).message.split('. ')[0]}: this bench takes ${known}.`, { cause: error });
  }
}

function numberIn(name: string, given: string | boolean | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} ${given} is no whole number above 0.`);
}
