import type { z } from 'zod';

import { mfeFault, type Fault } from './fault.js';

const MESSAGE = 'Request is invalid and/or missing fields.';

/** The answer to a body that does not fit: 400 with one detail a problem. */
export function invalidRequest(error: z.ZodError): Fault {
  return invalidFields(error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}

/** The same for problems in our own words. */
export function invalidFields(problems: string[]): Fault {
  const details = problems.map((message) => ({ code: 'RequestInvalid', message }));
  return mfeFault(400, { message: MESSAGE, details, inner: ['RequestInvalid'], format: MESSAGE });
}

/** The answer to something that Azure has and the emulator has not. */
export function notEmulated(what: string): Fault {
  return mfeFault(501, { code: 'NotEmulated', message: `azureml-emulator does not emulate ${what}.` });
}
