import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

const GIB = 2 ** 30;

/** What the figures were measured with: machine, Node, and the packages that took part. */
export function machine(packages: readonly string[] = []): Record<string, string> {
  return {
    node: process.version,
    os: `${type()} ${release()}`,
    cpu: `${availableParallelism()} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${(totalmem() / GIB).toFixed(0)} GiB`,
    ...Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  };
}

function versionOf(name: string): string {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
