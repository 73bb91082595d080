import { Command } from 'commander';

import { addCertificate } from './cli/certificate.js';
import { addEvict } from './cli/evict.js';
import { addScenarioSchema } from './cli/schema.js';
import { addServe } from './cli/serve.js';

const program = new Command('azureml-emulator').description(
  'A local Azure Machine Learning service: the same REST, real processes, and preemptions on demand.',
);
addServe(program);
addEvict(program);
addCertificate(program);
addScenarioSchema(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`azureml-emulator: ${(error as Error).message}\n`);
  process.exit(1);
}
