import { spawn } from 'node:child_process';

/** What a program took, from its start to its end. */
export interface Took {
  readonly seconds: number;
  /** Processor time of the program and its children. */
  readonly cpuSeconds: number;
}

const FORMAT = 'took %R %U %S';

/** Runs a program and lets the shell measure it. @throws Error with its last words where it fails */
export async function timed(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Took> {
  const script = `TIMEFORMAT='${FORMAT}'; time "$0" "$@"`;
  const child = spawn('bash', ['-c', script, command, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const hear = (chunk: Buffer): void => void (said = (said + chunk.toString()).slice(-4000));
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const [, real = '', user = '', system = ''] = /took (\S+) (\S+) (\S+)/.exec(said) ?? [];
  if (code !== 0 || real === '') throw new Error(`${command} failed (exit ${code}): ${said.trim().slice(-600)}`);
  return { seconds: Number(real), cpuSeconds: Number(user) + Number(system) };
}
