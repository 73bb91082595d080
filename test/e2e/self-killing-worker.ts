import { existsSync, writeFileSync } from 'node:fs';
import { bertha } from '../../installation.js';
import { temporalTarget } from '../../temporal/connection.js';
import { runWorker } from '../../worker.js';

/** A worker that kills itself once between the PUT of a job and its recorded answer: the moment in which a second job could be born. */
const marker = bertha('stacks', 'e2e', 'killed-after-put');

await runWorker({
  target: temporalTarget('e2e'),
  queues: ['control', 'data'],
  around: (activities) => ({
    ...activities,
    async submitJob(request) {
      const submitted = await activities.submitJob(request);
      const doItNow = request.place.run === 'straight' && !existsSync(marker);
      if (doItNow) {
        writeFileSync(marker, '');
        process.kill(process.pid, 'SIGKILL');
      }
      return submitted;
    },
  }),
});
