import { Command, CommanderError } from 'commander';

import { addCertificate } from './cli/certificate.js';
import { addEnv } from './cli/env.js';
import { addEvict } from './cli/evict.js';
import { addScenarioSchema } from './cli/schema.js';
import { addServe } from './cli/serve.js';

/** Exit codes: 1 for what failed, 2 for a command line that cannot be understood. */
const FAILED = 1;
const MISUSED = 2;

const program = new Command('azureml-emulator')
  .description('A local Azure Machine Learning service: the same REST, real processes, and preemptions on demand.')
  .usage('[serve] [options]   |   VERB [options]')
  .configureOutput({ outputError: (text, write) => write(inOurWords(text)) })
  .exitOverride()
  .addHelpText(
    'after',
    `
Without a verb the service runs, with Blob storage of its own, until Ctrl-C; "azureml-emulator serve --help" lists its options.
In another shell:  eval "$(azureml-emulator env)"   and then any program that uses Azure Machine Learning.`,
  );
function inOurWords(text: string): string {
  const isNoVerb = text.includes("too many arguments for 'serve'");
  const said = isNoVerb
    ? `"${process.argv[2]}" is no verb; see azureml-emulator --help.\n`
    : text.replace(/^error: /, '');
  return `azureml-emulator: ${said}`;
}

addServe(program);
addEnv(program);
addEvict(program);
addCertificate(program);
addScenarioSchema(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // It has been said already; asking for help is no mistake.
    process.exit(error.exitCode === 0 ? 0 : MISUSED);
  }
  process.stderr.write(`azureml-emulator: ${(error as Error).message}\n`);
  process.exit(FAILED);
}
