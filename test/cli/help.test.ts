import assert from 'node:assert/strict';
import { exitCodes } from '../../cli/exit-codes.js';
import { fieldsOf } from '../../cli/report-fields.js';
import { runReportSchema } from '../../domain/report.js';
import { bertha } from './support/run.js';

const verbs = [
  ...[
    'demo',
    'up',
    'worker',
    'validate',
    'plan',
    'data',
    'start',
    'ls',
    'show',
    'events',
    'ledger',
    'logs',
    'tensorboard',
  ],
  ...['pause', 'resume', 'set', 'skip', 'recover', 'cancel', 'report', 'reap'],
];

describe('cli: help', () => {
  it('names every verb and every exit code with its meaning', async () => {
    const { code, out, err } = await bertha(['--help']);
    assert.equal(code, 0);
    assert.equal(err, '');
    for (const verb of verbs) assert.match(out, new RegExp(`^  ${verb}( |$)`, 'm'));
    for (const { code: number, meaning } of Object.values(exitCodes)) {
      assert.match(out, new RegExp(`^  ${number} +${meaning.slice(0, 30)}`, 'm'));
    }
  });

  for (const verb of verbs) {
    it(`of ${verb} exits 0, says what the verb does and what each word and option means`, async () => {
      const { code, out } = await bertha([verb, '--help']);
      assert.equal(code, 0);
      assert.match(out, new RegExp(`^Usage: bertha ${verb}`));
      assert.match(out, /--json +print JSON/);
      const entries = out.split('\n').filter((line) => /^ {2}(-|<|[a-z])/.test(line) && !line.includes('[options]'));
      for (const entry of entries) assert.match(entry, /^ {2}\S.*? {2,}\S/, `"${entry.trim()}" has no sentence`);
    });
  }

  it('fits into 100 columns', async () => {
    for (const verb of ['', ...verbs]) {
      const { out } = await bertha([verb, '--help'].filter((word) => word !== ''));
      for (const line of out.split('\n')) assert.ok(line.length <= 100, `${verb}: ${line}`);
    }
  });

  it('of report documents every field of report.json', async () => {
    const fields = fieldsOf(runReportSchema);
    const { out } = await bertha(['report', '--help']);
    for (const { path, sentence } of fields) {
      assert.notEqual(sentence, '', `${path} has no sentence`);
      assert.ok(out.includes(`\n  ${path} `), `${path} is not in the help`);
    }
    const paths = fields.map(({ path }) => path);
    for (const path of [
      'outcome',
      'phases[].attempts[].ending',
      'phases[].loss.mlm.heldOut',
      'seconds.useful',
      'cost.total',
      'model.version',
      'dataset.contentId',
    ]) {
      assert.ok(paths.includes(path), path);
    }
  });
});
