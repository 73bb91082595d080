import { main } from '../../../cli/main.js';
import type { Io } from '../../../cli/io.js';

/** What a command printed and returned. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** An outside that keeps what is printed. */
export function capturingIo(
  look: Partial<Pick<Io, 'interactive' | 'color' | 'unicode'>> & { columns?: number; rows?: number } = {},
) {
  const said = { out: '', err: '' };
  const io: Io = {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    columns: () => look.columns ?? 100,
    rows: () => look.rows ?? 40,
    interactive: look.interactive ?? false,
    color: look.color ?? false,
    unicode: look.unicode ?? true,
  };
  return { io, said };
}

/** Runs `bertha` in this process, in an environment without a trace of Temporal but what `env` says. */
export async function bertha(argv: string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const { io, said } = capturingIo();
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (/^(TEMPORAL_|BERTHA_)/.test(name)) delete process.env[name];
  Object.assign(process.env, {
    TEMPORAL_CONFIG_FILE: '/no/such/temporal.toml',
    BERTHA_STACK: 'a-stack-that-is-not-up',
    ...env,
  });
  try {
    const code = await main(argv, io);
    return { code, ...said };
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** The lines of a text, without the empty one behind the last line break. */
export const linesOf = (text: string) => text.replace(/\n$/, '').split('\n');
