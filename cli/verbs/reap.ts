import type { BerthaClient } from '../../client.js';
import type { AzureTarget } from '../../domain/config.js';
import type { Finding } from '../../domain/orphans.js';
import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import { explain } from '../failure.js';
import { type Interrupt, listenForInterrupt } from '../interrupt.js';
import type { Verb } from '../program.js';
import { type Done, reap, survey } from '../reap/reap.js';
import { type WorkspaceOptions, workspacesOf } from '../reap/workspaces.js';
import { withClient } from '../session.js';
import { table } from '../table.js';

interface ReapOptions extends WorkspaceOptions {
  readonly act?: boolean;
  readonly forgotten?: boolean;
}

export const reapVerb: Verb = (program, act) => {
  program
    .command('reap')
    .summary('list what runs left behind, and end it with --act')
    .description(
      'Lists jobs, clusters and nodes that carry our tags and belong to no live run, as after a run was terminated. Without --act nothing is changed. What Temporal or Azure gives no answer about is listed as unknown and never touched.',
    )
    .option('--act', 'cancel such jobs and delete such clusters, and prove it')
    .option('--forgotten', 'with --act: also what belongs to runs that this Temporal does not know')
    .option(
      '-c, --config <file>',
      'look at the workspace of this config; absent: at those of all runs that Temporal knows',
    )
    .option('--subscription <id>', 'look at this workspace: its subscription,')
    .option('--resource-group <name>', '... its resource group,')
    .option('--workspace <name>', '... its name,')
    .option('--cloud <name>', '... and its cloud; absent: AzureCloud')
    .action(
      act<ReapOptions>((call, options) =>
        withClient(call, async (client) => {
          const interrupt = listenForInterrupt();
          try {
            return await reapAll(call, client, options, interrupt);
          } finally {
            interrupt.release();
          }
        }),
      ),
    );
};

/** What came of one workspace; `failure` where it gave no answer, and then nothing was done in it. */
interface Outcome {
  readonly workspace: string;
  readonly findings: readonly Finding[];
  readonly done: readonly Done[];
  readonly failure: string | null;
}

async function reapAll(call: Call, client: BerthaClient, options: ReapOptions, interrupt: Interrupt): Promise<number> {
  const outcomes: Outcome[] = [];
  for (const target of await workspacesOf(options, client, call.note))
    outcomes.push(await reapWorkspace(client, target, options, interrupt));
  call.answer(
    { acted: options.act === true, workspaces: outcomes },
    outcomes.flatMap((one) => outcomeLines(call, options, one)),
  );
  for (const { workspace, failure } of outcomes)
    if (failure !== null)
      call.note(`workspace ${workspace} gave no answer, so nothing is known or done there: ${failure}`);
  const unproven = outcomes.some(({ failure, done }) => failure !== null || done.some(({ proven }) => !proven));
  return unproven ? exitCodes.failed.code : exitCodes.ok.code;
}

async function reapWorkspace(
  client: BerthaClient,
  target: AzureTarget,
  options: ReapOptions,
  { signal }: Interrupt,
): Promise<Outcome> {
  const workspace = `${target.workspace} (${target.resourceGroup})`;
  const outcome = { workspace, findings: [] as Finding[], done: [] as Done[] };
  try {
    const { connectAzure } = await import('../../azure/connection.js');
    const azure = connectAzure(target);
    outcome.findings = await survey({ client, azure });
    if (options.act === true)
      outcome.done = await reap({ client, azure, forgotten: options.forgotten === true, signal }, outcome.findings);
    return { ...outcome, failure: null };
  } catch (error) {
    return { ...outcome, failure: explain(error).text };
  }
}

function outcomeLines(call: Call, options: ReapOptions, { workspace, findings, done, failure }: Outcome): string[] {
  if (failure !== null && findings.length === 0) return [];
  if (findings.length === 0) return [`workspace ${workspace}: nothing that belongs to no live run`];
  const rows = findings.map(({ kind, name, verdict, act, because }) => [
    `  ${kind}`,
    name,
    verdict,
    act ?? '-',
    because,
  ]);
  const acts = done.map(({ finding, outcome }) => [`  ${finding.kind}`, finding.name, outcome]);
  return [
    `workspace ${workspace}:`,
    ...table([['  WHAT', 'NAME', 'VERDICT', 'WOULD', 'BECAUSE'], ...rows]),
    ...(options.act === true ? ['', ...table(acts)] : hints(call, findings)),
  ];
}

function hints(call: Call, findings: readonly Finding[]): string[] {
  const any = (verdict: Finding['verdict']) =>
    findings.some((finding) => finding.verdict === verdict && finding.act !== null);
  return [
    ...(any('orphan') ? ['', `end the orphans with: ${call.command('reap --act')}`] : []),
    ...(any('forgotten')
      ? [
          '',
          `forgotten ones may belong to another Temporal, or to a run that can be taken up again (${call.command('start CONFIG --continue')}); if not: ${call.command('reap --act --forgotten')}`,
        ]
      : []),
  ];
}
