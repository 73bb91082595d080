import { Agent } from 'node:https';

import { ask } from './ask.js';
import { readListing } from './listing.js';
import { openLoop } from './openLoop.js';
import type { Fared, Outcome, Plan } from './plan.js';

// A process of its own: told its plan by message, it answers with the outcome and ends.
process.once('message', (plan: Plan) => {
  void run(plan).then((outcome) => process.send?.(outcome, () => process.disconnect()));
});

async function run(plan: Plan): Promise<Outcome> {
  const { gets, listings, clients, headers, warmupSeconds } = plan;
  const seconds = warmupSeconds + plan.seconds;
  const agents = agentsFor(plan, clients);
  const listers = agentsFor(plan, listings.perSecond);
  const tally = new Tally(performance.now() + warmupSeconds * 1000);
  const start = performance.now();
  const answers: Promise<void>[] = [];
  const get = async (due: number, index: number): Promise<void> => {
    const { status, hasRetryAfter, body } = await ask(pick(gets, index), pick(agents, index), headers);
    tally.got(due, status, hasRetryAfter, body.length);
  };
  const list = async (due: number, index: number): Promise<void> => {
    const listed = await readListing(listings, (url) => ask(url, pick(listers, index), headers));
    tally.listed(due, listed);
  };
  const sending = (send: typeof get) => (due: number, index: number) => {
    tally.sent(due);
    answers.push(send(due, index));
  };
  await Promise.all([openLoop(clients, seconds, sending(get)), openLoop(listings.perSecond, seconds, sending(list))]);
  await Promise.all(answers);
  const elapsed = (performance.now() - start) / 1000;
  for (const agent of [...agents, ...listers]) agent.destroy();
  return tally.outcome(elapsed);
}

/** Counts what came of requests that were due in the measured time. */
class Tally {
  private readonly gets = new Kind();
  private readonly listings = new Kind();
  private readonly pages: Record<number, number> = {};
  private readonly late: number[] = [];
  private incomplete = 0;
  private bytes = 0;

  constructor(private readonly from: number) {}

  sent(due: number): void {
    if (due >= this.from) this.late.push(performance.now() - due);
  }

  got(due: number, status: number, hasRetryAfter: boolean, bytes: number): void {
    if (due < this.from) return;
    this.bytes += bytes;
    this.gets.count(due, status, hasRetryAfter);
  }

  listed(due: number, listed: Awaited<ReturnType<typeof readListing>>): void {
    if (due < this.from) return;
    this.bytes += listed.bytes;
    this.listings.count(due, listed.status, listed.hasRetryAfter);
    for (const status of listed.statuses) this.pages[status] = (this.pages[status] ?? 0) + 1;
    if (listed.status === 200 && !listed.isComplete) this.incomplete += 1;
  }

  outcome(elapsed: number): Outcome {
    return {
      gets: this.gets.fared(),
      listings: this.listings.fared(),
      pages: this.pages,
      incomplete: this.incomplete,
      elapsed,
      bytes: this.bytes,
      sentLate: Float64Array.from(this.late),
    };
  }
}

class Kind {
  private readonly latencies: number[] = [];
  private readonly statuses: Record<number, number> = {};
  private withRetryAfter = 0;

  count(due: number, status: number, hasRetryAfter: boolean): void {
    if (status === 200) this.latencies.push(performance.now() - due);
    if (hasRetryAfter) this.withRetryAfter += 1;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
  }

  fared(): Fared {
    const { latencies, statuses, withRetryAfter } = this;
    return { latencies: Float64Array.from(latencies), statuses, withRetryAfter };
  }
}

function agentsFor({ ca }: Plan, count: number): Agent[] {
  return Array.from({ length: count }, () => new Agent({ keepAlive: true, ca }));
}

function pick<T>(from: readonly T[], index: number): T {
  return from[index % from.length] as T;
}
