const EXPRESSION = /\$\{\{\s*(inputs|outputs)\.([A-Za-z_][\w-]*)\s*\}\}/g;

/** What the expressions in a command stand for. */
export interface Bindings {
  inputs: Readonly<Record<string, string>>;
  outputs: Readonly<Record<string, string>>;
}

/**
 * Puts values in the place of `${{inputs.NAME}}` and `${{outputs.NAME}}` in a command, as Azure ML does; it expands them
 * nowhere else, environment variables least of all.
 *
 * @throws Error naming the expression that stands for nothing
 */
export function expand(command: string, bindings: Bindings): string {
  return command.replace(EXPRESSION, (expression: string, side: 'inputs' | 'outputs', name: string) => {
    const value = bindings[side][name];
    if (value !== undefined) return value;
    const known = Object.keys(bindings[side]).join(', ') || 'none';
    throw new Error(`The command uses ${expression}, but the job has no such ${side.slice(0, -1)}; it has: ${known}.`);
  });
}
