import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs one of our own programs of this folder. @returns the object that it prints */
export function runOurs<T>(program: string, args: readonly string[]): T {
  return runJson(process.execPath, [fileURLToPath(new URL(`./${program}.js`, import.meta.url)), ...args]);
}

/** Runs a program. @returns the object that it prints last */
export function runJson<T>(program: string, args: readonly string[]): T {
  const text = execFileSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as T;
}

/** Runs a program and says how much processor time it and its children took, in seconds, by the shell's own clock. */
export function cpuOf(program: string, args: readonly string[], cwd?: string): number {
  const script = '"$0" "$@" >/dev/null 2>&1 && times';
  const text = execFileSync('bash', ['-c', script, program, ...args], { encoding: 'utf8', cwd });
  const times = [...(text.trim().split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
