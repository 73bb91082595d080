import { existsSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { inRoot } from '../places.mjs';
import { isLinked } from './packages.mjs';

/** Makes `npx bertha` and `npx azureml-emulator` work in the clone itself: npm links the programs of dependencies only. */
export const linksStep = {
  name: 'links to the programs',
  bytes: 0,
  isDone: () => isLinked() || missing().length === 0,
  run: async () => {
    for (const { link, target } of missing()) {
      rmSync(link, { force: true });
      symlinkSync(target, link);
    }
  },
};

function missing() {
  const { bin } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  return Object.entries(bin)
    .filter(([, file]) => existsSync(inRoot(file)))
    .map(([name, file]) => ({ link: inRoot('node_modules', '.bin', name), target: `../../${file}` }))
    .filter(({ link, target }) => targetOf(link) !== target);
}

function targetOf(link) {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
