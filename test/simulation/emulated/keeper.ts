import { milliseconds } from './time.js';
import type { Place } from './place.js';

const LOOK_MS = 200;

/** Starts the worker again some time after it died, whoever killed it; as a deployment does. */
export class Keeper {
  private downUntil = 0;
  private seconds = 0;
  private timer: NodeJS.Timeout | null = null;
  private starting: Promise<void> | null = null;
  private over = false;
  /** Stretches in which no worker ran, real milliseconds. */
  readonly away: { readonly from: number; until: number }[] = [];

  constructor(private readonly place: Place) {}

  async begin(): Promise<void> {
    if (!this.place.workerLives()) await this.place.startWorker();
    this.timer = setInterval(() => void this.look(), LOOK_MS);
  }

  /** Kills the worker now; it comes back after so many seconds of the schedule. */
  async kill(seconds: number): Promise<void> {
    this.seconds = seconds;
    this.downUntil = Math.max(this.downUntil, Date.now() + milliseconds(seconds));
    await this.starting;
    await this.place.killWorker();
  }

  /** The worker is about to die by itself; then it stays away so long. */
  expect(seconds: number): void {
    this.seconds = seconds;
  }

  async end(): Promise<void> {
    this.over = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.starting;
  }

  private async look(): Promise<void> {
    const { place } = this;
    if (this.starting !== null || this.over || place.workerLives()) return;
    const last = this.away.at(-1);
    if (last?.until !== Infinity) {
      this.away.push({ from: Date.now(), until: Infinity });
      this.downUntil = Math.max(this.downUntil, Date.now() + milliseconds(this.seconds));
    }
    if (Date.now() < this.downUntil) return;
    this.starting = place.startWorker();
    await this.starting;
    this.starting = null;
    this.seconds = 0;
    const stretch = this.away.at(-1);
    if (stretch !== undefined) stretch.until = Date.now();
  }
}
