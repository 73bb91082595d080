import type { Verb } from '../program.js';
import { cancelVerb } from './cancel.js';
import { dataVerb } from './data.js';
import { demoVerb } from './demo.js';
import { eventsVerb } from './events.js';
import { ledgerVerb } from './ledger.js';
import { logsVerb } from './logs.js';
import { lsVerb } from './ls.js';
import { pauseVerb } from './pause.js';
import { reapVerb } from './reap.js';
import { planVerb } from './plan.js';
import { recoverVerb } from './recover.js';
import { reportVerb } from './report.js';
import { resumeVerb } from './resume.js';
import { setVerb } from './set.js';
import { showVerb } from './show.js';
import { skipVerb } from './skip.js';
import { startVerb } from './start.js';
import { tensorboardVerb } from './tensorboard.js';
import { upVerb } from './up.js';
import { validateVerb } from './validate.js';
import { workerVerb } from './worker.js';

/** In the order of the help: how a person meets them. */
export const verbs: readonly Verb[] = [
  demoVerb,
  upVerb,
  workerVerb,
  validateVerb,
  planVerb,
  dataVerb,
  startVerb,
  lsVerb,
  showVerb,
  eventsVerb,
  ledgerVerb,
  logsVerb,
  tensorboardVerb,
  pauseVerb,
  resumeVerb,
  setVerb,
  skipVerb,
  recoverVerb,
  cancelVerb,
  reportVerb,
  reapVerb,
];
