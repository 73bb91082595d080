import type { Client } from '@temporalio/client';
import { type BerthaClient, NoWorkerError } from '../../../client.js';
import type { RunConfig } from '../../../domain/config.js';
import type { RunEvent } from '../../../domain/events.js';
import { GLOBAL_BATCH, type OperatorAct } from '../schedule.js';
import { PHASE } from './config.js';
import { milliseconds, realSeconds, sleep } from './time.js';

/** How long the person in charge takes to come where one is called, seconds of a schedule. */
const PERSON_SECONDS = 900;
const MOST_SAYINGS = 6;

/** The people around a run: who steers it, who comes when it calls, who brings Temporal back. */
export class Operator {
  private waitsSince: number | null = null;
  private bringingBack: Promise<void> | null = null;

  constructor(
    private readonly client: BerthaClient,
    /** Of the same namespace. */
    private readonly temporal: Client,
    private readonly config: RunConfig,
  ) {}

  /** Says it again until a worker has taken it, as a person would. @throws Error where the run refuses it, or is not there */
  async act(what: OperatorAct, id: string): Promise<void> {
    for (let left = MOST_SAYINGS; ; left--) {
      try {
        return await this.say(what, id);
      } catch (error) {
        if (!(error instanceof NoWorkerError) || left === 0) throw error;
        await sleep(milliseconds(30));
      }
    }
  }

  private async say(what: OperatorAct, id: string): Promise<void> {
    const { client, config } = this;
    const run = config.name;
    const as = { id, by: 'operator' };
    const middle = Math.floor((config.phases[0]?.steps ?? 0) / 2) * GLOBAL_BATCH;
    const window = { phase: PHASE, from: middle, to: middle + 7 * GLOBAL_BATCH };
    if (what === 'pause') await client.pauseRun(run, as);
    else if (what === 'resume') await client.resumeRun(run, as);
    else if (what === 'recover-now') await client.recoverRun(run, as);
    else if (what === 'set-interval')
      await client.setCheckpointInterval(run, { seconds: Math.round(realSeconds(450)) }, as);
    else if (what === 'skip-window') await client.skipWindow(run, window, as);
    else if (what === 'cancel') await client.cancelRun(run, { ...as, reason: 'no longer wanted' });
    else await client.wakeRun(run);
  }

  /** Temporal forgets the run, which is taken up from its storage. */
  loseTemporal(): Promise<void> {
    this.bringingBack ??= this.bringBack().finally(() => (this.bringingBack = null));
    return this.bringingBack;
  }

  private async bringBack(): Promise<void> {
    const { name } = this.config;
    const { state } = await this.client.getRun(name);
    if (state !== 'running') return;
    await this.temporal.workflow.getHandle(name).terminate('lost');
    await sleep(milliseconds(30));
    await this.client.startRun(this.config, { continueRun: true });
  }

  /** Looks after the run once. @returns how it has ended; null while it has not */
  async look(): Promise<string | null> {
    if (this.bringingBack !== null) return null;
    const { state, status } = await this.client.getRun(this.config.name);
    if (state !== 'running') return this.bringingBack === null ? state : null;
    await this.helpIfCalled(status?.events ?? [], status?.jobName ?? null);
    return null;
  }

  private async helpIfCalled(events: readonly RunEvent[], jobName: string | null): Promise<void> {
    // What was said to a workflow that is lost stands in the journal, and no longer among the last events.
    const standsStill = jobName === null && Date.now() - (events.at(-1)?.at ?? Infinity) > milliseconds(PERSON_SECONDS);
    if (!waitsForPerson(events) && !standsStill) {
      this.waitsSince = null;
      return;
    }
    this.waitsSince ??= Date.now();
    if (Date.now() - this.waitsSince < milliseconds(PERSON_SECONDS)) return;
    this.waitsSince = null;
    await this.client.resumeRun(this.config.name, { by: 'person' });
  }
}

/** Whether the last word on it is that nothing goes on by itself. */
function waitsForPerson(events: readonly RunEvent[]): boolean {
  const steering = ['pause', 'resume', 'recover-now', 'cancel'];
  const last = events.findLast(
    (event) =>
      event.kind === 'held' ||
      event.kind === 'job-submitted' ||
      (event.kind === 'operator' && steering.includes(event.command)),
  );
  return last?.kind === 'held' || (last?.kind === 'operator' && last.command === 'pause');
}
