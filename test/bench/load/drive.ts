import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Outcome, Plan } from './plan.js';

const GENERATOR = fileURLToPath(new URL('./generator.js', import.meta.url));

/** Lets a load generator, a process of its own, carry out a plan. @throws Error when it dies before it is done */
export function drive(plan: Plan): Promise<Outcome> {
  return new Promise((done, failed) => {
    const child = fork(GENERATOR, { serialization: 'advanced', execArgv: [] });
    let outcome: Outcome | undefined;
    child.once('message', (message) => (outcome = message as Outcome));
    child.once('error', failed);
    child.once('exit', (code, signal) => {
      if (outcome !== undefined) done(outcome);
      else failed(new Error(`The load generator ended with ${code ?? signal} before it had anything to report.`));
    });
    child.send(plan);
  });
}
