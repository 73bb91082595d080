import type { Command } from 'commander';

import { scenarioSchema } from '../scenario/language/document.js';

/** `azureml-emulator scenario-schema`: what a scenario file may hold, for editors and people. */
export function addScenarioSchema(program: Command): void {
  program
    .command('scenario-schema')
    .description('print the JSON Schema of scenario files')
    .action(() => void process.stdout.write(`${JSON.stringify(scenarioSchema(), null, 2)}\n`));
}
