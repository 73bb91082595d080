import { existsSync, readFileSync, unlinkSync } from 'node:fs';
import type { ControlActivities } from '../../../activities/index.js';
import { temporalTarget } from '../../../temporal/connection.js';
import { runWorker } from '../../../worker.js';
import type { Death } from './orders.js';

/** The product's worker, but that it dies by SIGKILL when and where a file says so. */
const file = process.env['FAULT_DEATH'] ?? '';

type Activity = (...args: unknown[]) => Promise<unknown>;

function mortal(activities: ControlActivities): ControlActivities {
  const around = Object.entries(activities).map(
    ([name, activity]) => [name, dying(name, activity as Activity)] as const,
  );
  return Object.fromEntries(around) as unknown as ControlActivities;
}

function dying(name: string, activity: Activity): Activity {
  return async (...args) => {
    dieIf(name, 'before');
    const result = await activity(...args);
    dieIf(name, 'behind');
    return result;
  };
}

function dieIf(name: string, when: Death['when']): void {
  if (!existsSync(file)) return;
  const death = JSON.parse(readFileSync(file, 'utf8')) as Death;
  if (!death.activities.includes(name) || death.when !== when) return;
  unlinkSync(file);
  process.kill(process.pid, 'SIGKILL');
}

await runWorker({ target: temporalTarget('none'), queues: ['control', 'data'], around: mortal });
