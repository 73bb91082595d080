import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { allowed, plants } from './plants.js';
import { root } from './root.js';

interface Violation {
  from: string;
  rule: { name: string };
}

interface Rules {
  default: { forbidden: { name: string; comment: string }[] };
}

describe('house: import rules', function () {
  this.timeout(30_000);
  let folder: string;
  let violations: Violation[];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bertha-imports-'));
    for (const name of ['.dependency-cruiser.mjs', 'package.json', 'tsconfig.json'])
      copyFileSync(join(root, name), join(folder, name));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [file, code] of Object.entries(allowed)) write(file, code);
    for (const { file, code } of plants) write(file, code);
    violations = cruise();
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { rule, file, code } of plants) {
    it(`${rule} catches ${file}: ${code.trim()}`, () => {
      const caught = violations.filter((violation) => violation.from === file).map((violation) => violation.rule.name);
      assert.ok(caught.includes(rule), `caught by ${caught.join(', ') || 'no rule'}`);
    });
  }

  it('lets the allowed imports beside them pass', () => {
    const planted = new Set(plants.map((plant) => plant.file));
    const others = violations.filter(
      ({ from, rule }) => !planted.has(from) && !(rule.name === 'no-cycles' && from === 'domain/hen.ts'),
    );
    assert.deepEqual(others, []);
  });

  it('are all tried with a violation, and each has a sentence', async () => {
    const { forbidden } = ((await import(pathToFileURL(join(root, '.dependency-cruiser.mjs')).href)) as Rules).default;
    assert.deepEqual(
      forbidden.map((rule) => rule.name),
      [...new Set(plants.map((plant) => plant.rule))],
    );
    for (const { name, comment } of forbidden) assert.match(comment, /^\S.*\.$/, name);
  });

  function write(file: string, code: string): void {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }

  /** The same command as in `npm run verify`, with its findings as JSON. */
  function cruise(): Violation[] {
    const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const args = [program, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', '.'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
    return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
  }
});
