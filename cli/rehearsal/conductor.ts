import type { BerthaClient } from '../../client.js';
import type { Stack } from '../../stack/stack.js';
import { explain } from '../failure.js';
import { pause } from '../interrupt.js';
import { tellEmulator } from './emulator.js';
import { type Done, LOOK_EVERY_MS, Onlooker, type Training } from './onlooker.js';
import { type Deed, type Scene, deedSentence, partNames } from './scenario.js';
import { endOf } from './signs.js';

/** A deed that nobody notices for so long is given up: the next scene begins, and the account says so. */
const PATIENCE_MS = 90_000;
/** A part whose absence can be noticed while it is down stays down so long at the most. */
const LONGEST_DOWN_MS = 60_000;

export interface Stage {
  readonly stack: Stack;
  readonly client: BerthaClient;
  readonly run: string;
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
}

type Kill = Extract<Deed, { kill: unknown }>;
type Fault = Extract<Deed, { fault: unknown }>;

/** Does to a run what the scenes say, one scene after the other. */
export class Conductor {
  readonly onlooker: Onlooker;
  /** Parts that are down by our hand: nobody else needs to look after them. */
  readonly down = new Set<string>();
  private readonly reviving: Promise<void>[] = [];

  constructor(private readonly stage: Stage) {
    this.onlooker = new Onlooker(stage.client, stage.run, stage.signal);
  }

  /** Returns when the last scene is noticed, the run has ended, or the signal says stop; whatever was killed runs again then. */
  async conduct(scenes: readonly Scene[]): Promise<void> {
    try {
      for (const scene of scenes) await this.play(scene);
    } finally {
      await Promise.all(this.reviving);
    }
  }

  private async play(scene: Scene): Promise<void> {
    const { onlooker } = this;
    const begun = await onlooker.trainsAt(scene.step);
    if (begun === null) return;
    this.stage.say(`step ${begun.step}: ${scene.say}`);
    for (const deed of scene.do) {
      const seen = deed.later === undefined ? begun : await onlooker.trainsAt(begun.step + deed.later);
      if (seen === null) return;
      await this.perform(deed, seen);
    }
    await onlooker.until(() => onlooker.done.every(({ over }) => over), PATIENCE_MS);
  }

  private async perform(deed: Deed, { step, jobName, incarnation }: Training): Promise<void> {
    const { stack, say } = this.stage;
    say(`step ${step}: ${deedSentence(deed)}`);
    const done: Omit<Done, 'at'> = { deed, step, incarnation, sign: null, over: false, again: null };
    try {
      if ('kill' in deed) return await this.kill(deed, done);
      const at = Date.now();
      if ('evict' in deed) await tellEmulator(stack, 'evict', { job: jobName, ...deed.evict });
      else await tellEmulator(stack, 'faults', ofJob(deed.fault, jobName));
      this.onlooker.done.push({ ...done, at });
    } catch (error) {
      say(`NOTE: that could not be done: ${explain(error).text}`);
    }
  }

  private async kill({ kill, seconds }: Kill, begun: Omit<Done, 'at'>): Promise<void> {
    this.down.add(kill);
    await this.stage.stack.kill(kill);
    const done = { ...begun, at: Date.now() };
    this.onlooker.done.push(done);
    const reviving = this.revive(kill, seconds, done);
    reviving.catch(() => undefined);
    this.reviving.push(reviving);
  }

  private async revive(part: Kill['kill'], seconds: number, done: Done): Promise<void> {
    const { stack, say, signal } = this.stage;
    await pause(seconds * 1000, signal);
    // On a slow machine whoever looks may need longer to be sure.
    const isSeenWhileDown = endOf(done.deed) !== null;
    const waits = () => isSeenWhileDown && done.sign === null && Date.now() - done.at < LONGEST_DOWN_MS;
    while (waits() && !signal.aborted) await pause(LOOK_EVERY_MS, signal);
    await stack.revive(part);
    this.down.delete(part);
    say(`${partNames[part]} runs again`);
  }
}

/** Uploads are spoilt for one job only: the next one begins without. */
function ofJob({ storage, ...rest }: Fault['fault'], job: string): object {
  return storage === undefined ? rest : { ...rest, storage: storage.map((one) => ({ job, ...one })) };
}
