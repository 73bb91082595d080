import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { installation } from '../../installation.js';
import { FakeAzure } from '../workflows/fake/index.js';
import { endsCanceled } from '../workflows/failure.js';
import { program } from '../workflows/server.js';
import { type RunHandle, useServer } from '../workflows/suite.js';
import { eventually } from '../workflows/waiting.js';

const text = readFileSync(join(installation, 'docs', 'steer.md'), 'utf8');
const section = /## With the temporal CLI\n[^]*?```sh\n([^]*?)```/.exec(text)?.[1] ?? '';
const commands = section.trim().split('\n');

/** What each command answers, by a part of it; the fake of Azure runs one job until it is told to end. */
const answers: [command: string, answer: RegExp][] = [
  ['--type status', /"jobName": *"nightly-p1-a001"/],
  ['--type plan', /watching job nightly-p1-a001/],
  ['--type events', /run-started/],
  ['"seconds": 600', /a checkpoint every 600 s/],
  ['"steps": 500', /a checkpoint every 500 steps/],
  [`setCheckpointInterval --input '{"by": "ada"}'`, /the config's interval again/],
  ['--type ledger', /preflight/],
  ['"at": "2026-12-24T18:00:00Z"', /the run must be done by 2026-12-24T18:00:00.000Z/],
  ['"at": null', /the run has no deadline/],
  ['--name skipWindow', /samples 1280 to 2560 of phase p1 are passed over/],
  ['--name recoverNow', /the next attempt is submitted at once/],
  ['--name wakeUp', /Signal workflow succeeded/],
  ['--update-id ticket-17', /the job saves and ends; nothing is paid until bertha resume/],
  ['--name resume', /the next attempt is submitted/],
  ['--name cancel', /wrong data/],
];

describe('docs/steer.md: the temporal CLI', function () {
  this.timeout(60_000);
  const suite = useServer('dev');
  let azure: FakeAzure;
  let run: RunHandle;

  before(async () => {
    azure = new FakeAzure([{ ending: 'runs-on' }]);
    const over = { watch: { pollSeconds: 0.2 }, stopping: { checkpointSeconds: 1 } };
    run = await suite.start(azure, { name: 'nightly', over });
    await eventually('a job runs', () => Promise.resolve(azure.looks > 0));
  });

  for (const [index, command] of commands.entries()) {
    it(`${index + 1}. ${command.replace('temporal workflow ', '')}`, async () => {
      const answer = answers.find(([part]) => command.includes(part))?.[1];
      assert.ok(answer, 'a command of the page that this test expects no answer of');
      assert.match(await type(command), answer);
    });
  }

  it('every message has its command on the page, and the run ends as the last one asked', async () => {
    const messages = readFileSync(join(installation, 'workflows', 'messages.ts'), 'utf8');
    const names = [...messages.matchAll(/define(?:Query|Update|Signal)[^]*?\('(\w+)'\)/g)].map(([, name]) => name);
    assert.equal(names.length, 12);
    for (const name of names)
      assert.ok(
        commands.some((one) => one.includes(` ${name}`)),
        `${name} is not on the page`,
      );
    await endsCanceled(run);
  });

  async function type(command: string): Promise<string> {
    const PATH = `${dirname(program('dev'))}:${process.env['PATH']}`;
    const env = { ...process.env, PATH, TEMPORAL_ADDRESS: suite.env.address };
    const { stdout } = await promisify(execFile)('sh', ['-c', `${command} 2>&1`], { env });
    return stdout;
  }
});
