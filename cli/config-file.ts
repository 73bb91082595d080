import type { RunConfig } from '../domain/config.js';
import { Failure } from './failure.js';

/** Reads and checks a config. @throws Failure usage with a line per problem */
export async function readConfig(file: string): Promise<RunConfig> {
  const { ConfigError, loadConfig } = await import('../recipes/load.js');
  try {
    return loadConfig(file);
  } catch (cause) {
    if (cause instanceof ConfigError) throw new Failure('usage', cause.message, { cause });
    throw cause;
  }
}

/** The config under another run name. @throws Failure usage where the name is none */
export async function renamed(config: RunConfig, name: string | undefined): Promise<RunConfig> {
  if (name === undefined) return config;
  const { runConfigSchema } = await import('../domain/config.js');
  const parsed = runConfigSchema.shape.name.safeParse(name);
  if (!parsed.success)
    throw new Failure('usage', `--name "${name}" cannot be used: ${parsed.error.issues[0]?.message ?? 'not a name'}`);
  return { ...config, name: parsed.data };
}
