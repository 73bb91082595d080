import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, root } from './places.mjs';

/** Made by the bundle step, hence without a source. */
export const bundleName = 'workflow-bundle.js';

/** All files below `folder` whose name ends with `ending`, by full path, sorted. No folder, no files. */
export function filesBelow(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path, ending);
      return entry.name.endsWith(ending) ? [path] : [];
    })
    .sort();
}

/** The TypeScript sources that tsconfig.json includes, relative to the clone. */
export function sources() {
  const top = readdirSync(root).filter((name) => name.endsWith('.ts'));
  return [...top, ...included('.ts')];
}

function included(ending) {
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  const folders = include.filter((name) => !name.includes('*'));
  return folders.flatMap((name) => filesBelow(join(root, name), ending)).map((path) => relative(root, path));
}

/** One line per source, and per table in JSON that a source may import, with its size and time of change. */
export function fingerprint() {
  return [...sources(), ...included('.json')]
    .map((source) => {
      const { size, mtimeMs } = statSync(join(root, source));
      return `${source} ${size} ${mtimeMs}`;
    })
    .join('\n');
}

/** Compiled files without a source any more (relative to the build folder), and sources without a compiled file. */
export function mismatch() {
  const expected = new Set(
    sources()
      .filter((source) => !source.endsWith('.d.ts'))
      .map((source) => source.replace(/\.ts$/, '.js')),
  );
  const present = new Set(filesBelow(build, '.js').map((path) => relative(build, path)));
  present.delete(bundleName);
  return {
    orphans: [...present].filter((file) => !expected.has(file)),
    missing: [...expected].filter((file) => !present.has(file)),
  };
}
