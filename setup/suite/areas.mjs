import { existsSync, readdirSync } from 'node:fs';
import { Halt } from '../halt.mjs';
import { build, inPython, inRoot } from '../places.mjs';
import { filesBelow } from '../sources.mjs';
import { join } from 'node:path';

/**
 * The areas are the folders of test/: those with compiled mocha files, those with Python tests, or both.
 * @returns {{ name: string, runner: 'mocha' | 'pytest', program: string, args: (results: string) => string[] }[]}
 */
export function findAreas() {
  const folders = new Set([...foldersOf(join(build, 'test')), ...foldersOf(inRoot('test'))]);
  return [...folders].sort().flatMap((name) => [...mochaArea(name), ...pytestArea(name)]);
}

/** The areas named, in the order of their discovery; all when none is named. */
export function choose(areas, names) {
  const known = new Set(areas.map((area) => area.name));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new Halt(
      `There are no tests called ${unknown.join(', ')}: choose from ${[...known].join(', ') || 'none, test/ is empty'}.`,
    );
  return names.length === 0 ? areas : areas.filter((area) => names.includes(area.name));
}

function mochaArea(name) {
  const files = filesBelow(join(build, 'test', name), '.test.js');
  if (files.length === 0) return [];
  const mocha = inRoot('node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = inRoot('setup', 'suite', 'reporter.cjs');
  const args = (results) => [
    '--enable-source-maps',
    mocha,
    '--forbid-only',
    '--reporter',
    reporter,
    '--reporter-option',
    `results=${results}`,
    ...files,
  ];
  return [{ name, runner: 'mocha', program: process.execPath, args }];
}

function pytestArea(name) {
  const folder = inRoot('test', name);
  if (!filesBelow(folder, '.py').some((file) => /(^|\/)(test_[^/]*|[^/]*_test)\.py$/.test(file))) return [];
  const args = (results) => [
    '-m',
    'pytest',
    folder,
    '-p',
    'no:cacheprovider',
    '--junitxml',
    results,
    '-o',
    'junit_family=xunit2',
  ];
  return [{ name, runner: 'pytest', program: inPython('python'), args }];
}

function foldersOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
