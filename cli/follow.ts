import type { BerthaClient, RunView } from '../client.js';
import type { TrainingProgress } from '../domain/status.js';
import type { Call } from './call.js';
import { exitCodes } from './exit-codes.js';
import { explain } from './failure.js';
import { pause } from './interrupt.js';
import { findRun } from './session.js';
import { modelOf } from './view/model.js';
import { noWorkerSentence } from './view/phrases.js';
import type { View } from './view/view.js';

const LOOK_EVERY_MS = 1000;
/** A server that restarts is waited for; one that stays away ends the watch. */
const PATIENCE_MS = 30_000;

export interface FollowOptions {
  readonly client: BerthaClient;
  readonly run: string;
  readonly view: View;
  /** Stops the looking; the run goes on. */
  readonly signal: AbortSignal;
  /** Called before each look; throws where following has become pointless. */
  readonly check?: () => void | Promise<void>;
}

/** Shows a run until it has ended or `signal` says stop; may be called again and then goes on where it was: no event is shown twice. */
export class Follower {
  private shown = 0;
  private answeredAt = Date.now();
  private readonly remembered = new Map<string, TrainingProgress>();

  constructor(
    private readonly call: Call,
    private readonly lookEveryMs = LOOK_EVERY_MS,
  ) {}

  /** Leaves out the events that had happened by then. */
  passOver({ status }: RunView): void {
    this.shown = status?.events.at(-1)?.sequence ?? this.shown;
  }

  /** @returns what was seen last */
  async follow(options: FollowOptions): Promise<RunView> {
    for (;;) {
      await options.check?.();
      const seen = await this.look(options);
      if (seen !== null) this.show(seen, options.view);
      const over = seen !== null && (seen.state !== 'running' || options.signal.aborted);
      if (over) return seen;
      await pause(this.lookEveryMs, options.signal);
    }
  }

  private async look({ client, run, view, signal }: FollowOptions): Promise<RunView | null> {
    try {
      const seen = await findRun(client, run);
      this.answeredAt = Date.now();
      return seen;
    } catch (error) {
      const serverIsSilent = explain(error).code === exitCodes.noServer.code;
      const waitedLongEnough = signal.aborted || Date.now() - this.answeredAt > PATIENCE_MS;
      if (!serverIsSilent || waitedLongEnough) throw error;
      view.note('the Temporal server does not answer; trying again ...');
      return null;
    }
  }

  private show(seen: RunView, view: View): void {
    const { status, progress } = seen;
    const says = progress !== null && progress.state !== null;
    if (status?.phase && says && progress.jobName === status.jobName) this.remembered.set(status.phase, progress);
    const events = (status?.events ?? []).filter(({ sequence }) => sequence > this.shown);
    this.shown = events.at(-1)?.sequence ?? this.shown;
    const now = Date.now();
    const notice = seen.state === 'running' && !seen.workerRuns ? noWorkerSentence(this.call.command) : null;
    view.update(modelOf(seen, { now }, this.remembered), events, { now, notice });
  }
}
