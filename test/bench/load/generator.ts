import { Agent } from 'node:https';
import { createSecureContext } from 'node:tls';

import { ask } from './ask.js';
import { readListing } from './listing.js';
import { openLoop } from './openLoop.js';
import type { Outcome, Plan } from './plan.js';
import { Tally } from './tally.js';

// A process of its own: told its plan by message, it answers with the outcome and ends.
process.once('message', (plan: Plan) => {
  void run(plan).then((outcome) => process.send?.(outcome, () => process.disconnect()));
});

async function run({ ca, headers, clients, gets, listings, warmupSeconds, seconds }: Plan): Promise<Outcome> {
  const all = warmupSeconds + seconds;
  const [agents, listers] = [agentsFor(ca, clients), agentsFor(ca, listings.perSecond)];
  const start = performance.now();
  const tally = new Tally(start, start + warmupSeconds * 1000);
  const answers: Promise<void>[] = [];
  const get = async (due: number, index: number): Promise<void> => {
    let bytes = 0;
    const asked = await ask(pick(gets, index), pick(agents, index), headers, (chunk) => (bytes += chunk.length));
    tally.got(due, asked, bytes);
  };
  const list = async (due: number, index: number): Promise<void> => {
    const agent = pick(listers, index);
    tally.listed(due, await readListing(listings, (url, received) => ask(url, agent, headers, received)));
  };
  const sending = (send: typeof get) => (due: number, index: number) => {
    tally.sent(due);
    answers.push(send(due, index));
  };
  await Promise.all([openLoop(clients, all, sending(get)), openLoop(listings.perSecond, all, sending(list))]);
  await Promise.all(answers);
  const outcome = tally.outcome();
  for (const agent of [...agents, ...listers]) agent.destroy();
  return outcome;
}

// One reading of the certificate for all: 200 connections at once are the server's trial, not the generator's.
function agentsFor(ca: string, count: number): Agent[] {
  const secureContext = createSecureContext({ ca });
  return Array.from({ length: count }, () => new Agent({ keepAlive: true, secureContext }));
}

function pick<T>(from: readonly T[], index: number): T {
  return from[index % from.length] as T;
}
