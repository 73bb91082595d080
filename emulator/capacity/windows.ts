import type { Clock } from '../clock.js';
import type { Clusters } from '../computes/clusters.js';
import type { Scripts } from '../scenario/scripts.js';

/** Scripts of this name end by themselves when their window closes. */
export const HOLD = 'hold-';

/** Has the clusters look again whenever what they may have changes: when an item comes, begins, ends or goes. */
export class CapacityWindows {
  private alarms: (() => void)[] = [];

  constructor(
    private readonly scripts: Scripts,
    private readonly clock: Clock,
    private readonly clusters: Clusters,
  ) {}

  /** Goes by what is in force now. */
  arm(): void {
    this.endHolds();
    for (const off of this.alarms) off();
    this.alarms = this.scripts.items('capacity').flatMap((entry) => {
      const elapsed = this.scripts.elapsed(entry);
      const { from, until = 0 } = entry.item;
      // A touch later than the edge, for a timer may be early by as much.
      const waits = [from - elapsed, until - elapsed].filter((seconds) => seconds > 0);
      return waits.map((seconds) => this.clock.after(seconds + 0.001, () => this.arm()));
    });
    this.clusters.settleAll();
  }

  private endHolds(): void {
    const closed = new Set(
      this.scripts
        .items('capacity')
        .filter((entry) => entry.item.until !== undefined && this.scripts.elapsed(entry) >= entry.item.until)
        .map(({ script }) => script.id),
    );
    this.scripts.end(({ id }) => id.startsWith(HOLD) && closed.has(id));
  }
}
