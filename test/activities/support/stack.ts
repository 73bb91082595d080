import { type AzureStack, startAzureOnly } from '../../../stack/azure.js';

/** Azurite and the emulator for all tests of the area, started at the first call and stopped after the last test. */
let shared: Promise<AzureStack> | undefined;

export function sharedStack(): Promise<AzureStack> {
  shared ??= start();
  return shared;
}

async function start(): Promise<AzureStack> {
  const stack = await startAzureOnly({ name: 'activities-test', fresh: true });
  process.env['BERTHA_CLOUDS_DIR'] = stack.places.folder;
  return stack;
}

after('stop the shared stack', async () => {
  await (await shared)?.stop();
  delete process.env['BERTHA_CLOUDS_DIR'];
});
