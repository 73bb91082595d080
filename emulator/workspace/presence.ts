import { randomBytes } from 'node:crypto';

import { Fault } from '../http/fault.js';
import type { Interceptor } from '../http/interceptor.js';
import { timestamp } from '../timestamps.js';
import { workspacePath } from '../world.js';
import { workspaceOf } from './state.js';

/** Answers for everything in a deleted workspace that it is not there. */
export const workspacePresence: Interceptor = (call, next) => {
  const isBelow = call.params['workspace'] !== undefined;
  if (isBelow && workspaceOf(call.world).deleted) throw workspaceGone(workspacePath(call.world));
  return next();
};

// The service itself answers for a workspace that was deleted a moment ago, in another envelope than ARM's front door.
function workspaceGone(path: string): Fault {
  const message = `Unable to find workspace: ${path}`;
  return new Fault(404, message, ({ region, now }) => ({
    error: {
      code: 'UserError',
      severity: null,
      message,
      messageFormat: null,
      messageParameters: null,
      referenceCode: null,
      detailsUri: null,
      target: null,
      details: [],
      innerError: { code: 'NotFoundError', innerError: null },
      debugInfo: {
        type: 'Common.WebApi.Exceptions.ResourceNotFoundException',
        message,
        stackTrace: '   at azureml-emulator',
        innerException: null,
        data: {},
        errorResponse: null,
      },
      additionalInfo: null,
    },
    correlation: { operation: randomBytes(16).toString('hex'), request: randomBytes(8).toString('hex') },
    environment: region,
    location: region,
    time: timestamp(now),
    componentName: 'account-rp',
  }));
}
