import { drive } from '../load/drive.js';
import type { Outcome, Plan } from '../load/plan.js';
import { usageOf } from '../harness/process.js';
import type { Client } from './client.js';
import type { Program } from './program.js';
import { jobBody } from './seed.js';

/** The load that an issue set: 200 clients, one GET a second each, and 20 listings of all jobs a second. */
export const CLIENTS = 200;
export const LISTINGS_PER_SECOND = 20;
const MARKER = '"type": "Microsoft.MachineLearningServices/workspaces/jobs"';
const CHANGES_PER_SECOND = 2;

/** What a round showed, and what the server's process used for it. */
export interface Round {
  outcome: Outcome;
  /** Seconds measured, without the warm-up. */
  seconds: number;
  /** Processor time of the server, warm-up included. */
  cpuSeconds: number;
}

/** Who is asked for which jobs, and for how long. */
export interface Target {
  program: Program;
  client: Client;
  names: readonly string[];
  warmupSeconds: number;
  seconds: number;
}

/** One round against the emulator. All jobs are asked for in turn, and meanwhile jobs change: a frozen world would be no world. */
export async function measureOurs(target: Target): Promise<Round> {
  const { program, client, names } = target;
  const before = usageOf(program.pid).cpuSeconds;
  const changing = changeJobs(client, names);
  try {
    const outcome = await drive(planFor(target));
    return { outcome, seconds: target.seconds, cpuSeconds: usageOf(program.pid).cpuSeconds - before };
  } finally {
    await changing.stop();
  }
}

/** The load on the emulator's jobs. */
export function planFor({ client, names, warmupSeconds, seconds }: Target): Plan {
  return {
    ca: client.ca,
    headers: client.headers,
    clients: CLIENTS,
    gets: names.map((name) => client.at(`/jobs/${name}`)),
    listings: {
      perSecond: LISTINGS_PER_SECOND,
      pages: [client.at('/jobs')],
      marker: { text: MARKER, times: names.length },
    },
    warmupSeconds,
    seconds,
  };
}

function changeJobs(client: Client, names: readonly string[]): { stop(): Promise<void> } {
  let changed = 0;
  let last: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    const name = names[(changed * 37) % names.length] ?? '';
    changed += 1;
    last = last.then(() => client.call('PUT', `/jobs/${name}`, jobBody(name, `changed ${changed}`)));
    // Told at the end: an unheard rejection would end the bench before it has cleaned up.
    last.catch(() => undefined);
  }, 1000 / CHANGES_PER_SECOND);
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    await last;
  };
  return { stop };
}
