import type { Call } from '../call.js';
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { withClient } from '../session.js';
import { readDataConfig } from './session.js';

/** `bertha data cancel CONFIG`: ends what is under way for the dataset of a config. No server is started for it. */
export async function cancelData(call: Call, file: string): Promise<number> {
  const { data } = await readDataConfig(file);
  return withClient(call, async (client) => {
    const canceled = await client.cancelWorkOnData(data.name);
    if (canceled.length === 0) throw new Failure('failed', `nothing is under way for dataset ${data.name}`);
    call.answer({ type: 'data-cancel-requested', dataset: data.name, actions: canceled }, [
      `asked ${canceled.join(' and ')} of dataset ${data.name} to stop; what is done of it is kept, and it goes on from there when you say it again`,
    ]);
    return exitCodes.ok.code;
  });
}
