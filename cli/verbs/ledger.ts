import type { BerthaClient, LedgerView } from '../../client.js';
import type { GoodputReport } from '../../domain/report-goodput.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { Verb } from '../program.js';
import { findRun, withClient } from '../session.js';
import { placeOf, readReport } from '../storage.js';
import { ledgerLines, openLines } from '../view/ledger.js';
import { noWorkerSentence } from '../view/phrases.js';

export const ledgerVerb: Verb = (program, act) => {
  program
    .command('ledger')
    .summary('print where the time and the money of a run went so far')
    .description(
      'Prints the goodput ledger: every second of a run in one bucket, with its owner and its price. While the run lives it goes up to the attempt that is open; of a run that has ended it is the one of its report.',
    )
    .argument('<run>', 'name of the run')
    .action(
      act((call, _options, run = '') =>
        withClient(call, async (client) => {
          const { state } = await findRun(client, run);
          if (state !== 'running') {
            const { goodput, currency } = await ofReport(client, run);
            call.answer({ run, state, ...goodput }, ledgerLines(goodput.buckets, currency));
            return exitCodes.ok.code;
          }
          const ledger = await client.ledgerOf(run);
          if (ledger === null) throw new Failure('failed', noWorkerSentence(call.command));
          call.answer({ run, state, ...ledger }, runningLines(ledger));
          return exitCodes.ok.code;
        }),
      ),
    );
};

const runningLines = (ledger: LedgerView): string[] => [
  ...ledgerLines(ledger.buckets, ledger.currency),
  ...openLines(ledger),
];

async function ofReport(client: BerthaClient, run: string): Promise<{ goodput: GoodputReport; currency: string }> {
  const report = await readReport(await placeOf(client, run), run);
  // A report of an older release has none.
  const goodput = report?.goodput ?? null;
  if (report === null || goodput === null)
    throw new Failure('failed', `run "${run}" has ended and left no report with a ledger`);
  return { goodput, currency: report.cost.currency };
}
