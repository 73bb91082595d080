import type { Prepare } from './prepare.js';

/** Time enough for any operation to be done. */
const LONG_SECONDS = 300;

/** An operation that the recording saw at its end is at its end; one that it did not see begin is put there as it was. */
export const prepareOperation: Prepare = async (stage, exchange, [kind = '', id = '']) => {
  const known = stage.links.has(exchange.url.pathname);
  const isDone = kind === 'mfeOperationResults' ? exchange.status === 200 : exchange.body.status !== 'InProgress';
  if (known && isDone) stage.clock.pass(LONG_SECONDS);
  if (known || kind === 'mfeOperationResults') return;
  const { status, error } = exchange.body;
  stage.world.store
    .collection('operations')
    .put(id, { id, resource: '', status, ...(error === undefined ? {} : { error }) });
};
