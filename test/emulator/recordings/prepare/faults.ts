import type { Exchange } from '../files.js';
import type { Stage } from '../stage.js';
import type { TidyUp } from './prepare.js';

/** Whether the service was in trouble: throttled, broken, or not reached. Everything else is an answer to the request. */
export function isTrouble({ status }: Exchange): boolean {
  return status === 429 || status >= 500;
}

/** Has the request meet the trouble that was recorded, by the emulator's own faults. */
export async function prepareFault(stage: Stage, exchange: Exchange): Promise<TidyUp> {
  const fault = { ...kindOf(exchange), path: '**', plane: planeOf(exchange), times: 1 };
  const { status, text } = await stage.call('POST', '/_emulator/faults', { requests: [fault] });
  if (status !== 200) throw new Error(`The emulator takes no fault like that of ${exchange.file}: ${text}`);
  return async () => void (await stage.call('DELETE', '/_emulator/faults'));
}

function kindOf({ status, headers, body }: Exchange): object {
  if (status === 429) return { kind: headers['retry-after'] === undefined ? 'tooManyRequests' : 'throttled' };
  if (headers['content-type'] === 'text/html') return { kind: 'error', status, body: 'html' };
  if (body.error.code === 'ServiceError') return { kind: 'dependency' };
  return { kind: 'error', status };
}

function planeOf({ url }: Exchange): 'arm' | 'data' {
  return url.hostname === 'management.azure.com' ? 'arm' : 'data';
}
