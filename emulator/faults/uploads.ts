import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import type { Treatment } from '../mount/treatment.js';
import { globTest } from '../scenario/glob.js';
import type { StorageFault } from '../scenario/language/storage.js';
import type { Entry, Scripts } from '../scenario/scripts.js';

/** Says what becomes of files on their way from mounted outputs to Blob storage. */
export class UploadFaults {
  constructor(
    private readonly scripts: Scripts,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** What becomes of a file that is about to go up; null: nothing out of the ordinary. The first fault that hits counts. */
  treat(job: string, blob: string, bytes: number): Treatment | null {
    for (const entry of this.scripts.inForce('storage')) {
      const { item, key } = entry;
      const isOne = globTest(item.job)(job) && globTest(item.blob)(blob) && this.scripts.meets(entry);
      if (!isOne) continue;
      this.log(`scenario: ${key} ${item.kind}: ${blob} of job ${job}`);
      return this.treatment(entry, bytes);
    }
    return null;
  }

  private treatment(entry: Entry<StorageFault>, bytes: number): Treatment {
    const { item } = entry;
    if (item.kind === 'delayed') return { type: 'later', afterMs: this.clock.milliseconds(item.seconds) };
    if (item.kind === 'outOfOrder') return { type: 'behind', blob: item.behind };
    if (item.kind === 'truncated') return { type: 'portion', portion: { bytes: item.bytes }, wholeAfterMs: null };
    if (item.kind === 'bitFlipped') {
      const drawn = this.scripts.draw(entry, this.scripts.count(entry).seen, 'bit');
      return { type: 'portion', portion: { flippedBit: Math.floor(drawn * bytes * 8) }, wholeAfterMs: null };
    }
    const wholeAfterMs = item.seconds === undefined ? null : this.clock.milliseconds(item.seconds);
    return { type: 'portion', portion: { bytes: Math.floor(bytes * item.keep) }, wholeAfterMs };
  }
}
