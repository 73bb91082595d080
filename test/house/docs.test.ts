import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { makeProgram } from '../../cli/program.js';
import { capturingIo } from '../cli/support/run.js';
import { root } from './root.js';

/** What a person is told to type and to open: a page, and the programs' own words beside it. */
const pages = markdownBelow('').map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
const readme = pages.find(({ file }) => file === 'README.md')?.text ?? '';
const program = makeProgram(capturingIo().io, { code: 0 });

describe('house: docs', () => {
  it('name verbs that exist, and the README each of them', () => {
    const verbs = namesOf(program);
    const named = found(/npx bertha ([a-z]+)/g);
    assert.deepEqual(strangers(named, verbs), []);
    const data = namesOf(program.commands.find((command) => command.name() === 'data') ?? program);
    assert.deepEqual(strangers(found(/bertha data ([a-z]+)/g), data), []);
    // In a row of the table a verb stands alone or with its argument: `show RUN`.
    const isMissing = (verb: string) => !new RegExp(`[\`]((npx bertha )?(data )?)${verb}[ \`]`).test(readme);
    assert.deepEqual([...verbs.filter((verb) => verb !== 'demo'), ...data].filter(isMissing), []);
  });

  for (const kind of ['bench', 'soak'] as const)
    it(`name what npm run ${kind} has, and the README all of it`, () => {
      const known = readdirSync(join(root, 'test', kind), { withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
        .map(({ name }) => name.slice(0, -'.ts'.length));
      assert.ok(known.length > 3);
      assert.deepEqual(strangers(found(new RegExp(`npm run ${kind} -- ([a-z-]+)`, 'g')), known), []);
      const missing = known.filter((name) => !new RegExp(`npm run ${kind}[^\n]*[ \`]-- ${name}[ \`]`).test(readme));
      assert.deepEqual(missing, []);
    });

  it('name areas of tests that exist', () => {
    const areas = readdirSync(join(root, 'test'));
    assert.deepEqual(strangers(found(/npm test -- ([a-z0-9]+)/g), areas), []);
  });

  it('name configs that exist, and docs/config.md each of them', () => {
    const configs = readdirSync(join(root, 'configs')).filter((name) => name.endsWith('.yaml'));
    const anyOne = ['x.yaml', 'nightly.yaml'];
    assert.deepEqual(strangers(found(/configs\/([\w.-]+\.yaml)/g), [...configs, ...anyOne]), []);
    const guide = pages.find(({ file }) => file === 'docs/config.md')?.text ?? '';
    assert.deepEqual(
      configs.filter((name) => !guide.includes(`\`${name}\``)),
      [],
    );
  });

  it('link to files that exist', () => {
    const links = pages.flatMap(({ file, text }) =>
      [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link = '']) => ({ file, link })),
    );
    assert.ok(links.length > 50, `${links.length} links`);
    assert.deepEqual(
      links.filter(({ file, link }) => !existsSync(join(root, dirname(file), link))),
      [],
    );
  });

  it('name folders and files of ours that exist', () => {
    const ours = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const folders = ours.map(({ name }) => name).filter((name) => /^[a-z]+$/.test(name));
    const paths = found(new RegExp(`[\`]((?:${folders.join('|')})/[\\w./-]+)[\`]`, 'g'));
    assert.ok(paths.length > 100, `${paths.length} paths`);
    assert.deepEqual(
      paths.filter(({ name }) => !name.includes('NAME') && !existsSync(join(root, name))),
      [],
    );
  });
});

interface Found {
  readonly file: string;
  readonly name: string;
}

function found(pattern: RegExp): Found[] {
  return pages.flatMap(({ file, text }) => [...text.matchAll(pattern)].map(([, name = '']) => ({ file, name })));
}

const strangers = (named: readonly Found[], known: readonly string[]) =>
  named.filter(({ name }) => !known.includes(name));

const namesOf = ({ commands }: Command) => commands.map((command) => command.name());

/** Paths of all pages, in folders that are ours. */
function markdownBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : markdownBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}
