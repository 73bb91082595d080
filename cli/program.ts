import { Command } from 'commander';
import { stackPlaces } from '../stack/places.js';
import { type Call, defaultStack, type GlobalOptions, makeCall } from './call.js';
import { exitCodes } from './exit-codes.js';
import type { Io } from './io.js';
import { wrapped } from './table.js';
import { verbs } from './verbs/index.js';

/** What a verb does. Arguments are the verb's own; the returned number is the exit code. */
export type Work<Options> = (call: Call, options: Options, ...words: string[]) => Promise<number>;

/** Turns the work of a verb into an action of commander. */
export type Act = <Options = object>(work: Work<Options>) => (...all: unknown[]) => Promise<void>;

/** A verb adds its command to the program. */
export type Verb = (program: Command, act: Act) => void;

/** @param outcome receives the exit code of the verb that ran */
export function makeProgram(io: Io, outcome: { code: number }): Command {
  const program = new Command('bertha')
    .description("Keeps a BERT pretraining alive on Azure Machine Learning's preemptible GPUs.")
    .option(
      '--stack <name>',
      'local stack to talk to where the environment configures no Temporal server',
      defaultStack(),
    )
    .option('--json', 'print JSON: one object, or one a line while watching')
    .addHelpText('after', () => `\n${afterwords(io)}`)
    .showHelpAfterError('(see: npx bertha --help)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      outputError: (text, write) => write(text.replace(/^error: /, 'bertha: ')),
      getOutHelpWidth: io.columns,
      getErrHelpWidth: io.columns,
      getOutHasColors: () => io.color,
      getErrHasColors: () => false,
    })
    .exitOverride();
  const act: Act =
    (work) =>
    async (...all) => {
      const command = all.at(-1) as Command;
      const call = makeCall(io, command.optsWithGlobals<GlobalOptions>());
      findCloudsOf(call.stack);
      outcome.code = await work(
        call,
        command.opts() as Parameters<typeof work>[1],
        ...(command.processedArgs as string[]),
      );
    };
  for (const verb of verbs) verb(program, act);
  return program;
}

/** Names of clouds that are none of Azure's are looked up in the folder of the stack. */
function findCloudsOf(stack: string): void {
  process.env['BERTHA_CLOUDS_DIR'] ??= stackPlaces(stack).folder;
}

function afterwords(io: Io): string {
  const codes = Object.values(exitCodes).map(({ code, meaning }) => [`  ${code}`, meaning]);
  const variables = [
    [
      '  TEMPORAL_ADDRESS',
      'Temporal server; also TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_* and TEMPORAL_PROFILE of temporal.toml',
    ],
    ['  BERTHA_STACK', 'local stack to fall back to, as --stack'],
    ['  BERTHA_CLOUDS_DIR', "folder of <name>.cloud.json files, for an azure.cloud that is none of Azure's own"],
    ['  BERTHA_DEBUG', 'set to 1 to see where an error comes from'],
    ['  NO_COLOR', 'set to anything to do without colours'],
  ];
  const width = io.columns();
  return ['Exit codes:', ...wrapped(codes, width), '', 'Environment:', ...wrapped(variables, width)].join('\n');
}
