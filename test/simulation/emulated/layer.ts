import { existsSync } from 'node:fs';
import { bertha } from '../../../installation.js';
import type { Layer } from '../layers.js';
import type { Played } from '../pure/play.js';
import type { Schedule } from '../schedule.js';
import { familyOf } from './agree.js';
import { drive } from './drive.js';
import { type Fitted, fit } from './fit.js';
import { playedOf } from './played.js';
import { Stage } from './stage.js';
import { milliseconds } from './time.js';

const SEEDS = 50;
/** Places side by side: a run waits most of its time. */
const AT_ONCE = 6;
const LEAST_PATIENCE_MS = 300_000;

/** The whole product (workflow, worker, activities, client) against the emulator, Azurite and a Temporal server. */
export class Emulated implements Layer {
  readonly name = 'emulator';
  private readonly fitted: Fitted[] = [];
  private readonly delays: number[] = [];
  private stage: Promise<Stage> | undefined;

  /** @param folder name of its folder below .bertha/stacks: two that run at once need two */
  constructor(
    private readonly folder = 'faults',
    readonly atOnce = AT_ONCE,
  ) {}

  count(seeds: number): number {
    return Math.min(SEEDS, seeds);
  }

  isThere(): string | null {
    return existsSync(bertha('tools.json')) ? null : 'the Temporal server is not installed; run: npm run build';
  }

  async play(whole: Schedule): Promise<Played> {
    const fitted = fit(whole);
    this.fitted.push(fitted);
    const family = familyOf(fitted.schedule);
    this.stage ??= Stage.open(this.folder, this.atOnce);
    const patience = LEAST_PATIENCE_MS + 2 * milliseconds(family.played.virtualHours * 3600);
    const stage = await this.stage;
    const played = playedOf(await stage.on((place) => drive(place, fitted.schedule, patience)), family);
    this.delays.push(...played.realDelays);
    return played;
  }

  remarks(): readonly string[] {
    const sorted = [...this.delays].sort((a, b) => a - b);
    const share = (part: number) => sorted[Math.floor(part * (sorted.length - 1))]?.toFixed(1) ?? '-';
    const side = `${this.atOnce} runs side by side on this machine`;
    return [
      `preemption to resubmit beyond one poll, in real seconds, ${side}: ${sorted.length} measured, p50 ${share(0.5)}, p95 ${share(0.95)}`,
      told(
        'left out, for the emulator has no means for them',
        this.fitted.flatMap(({ leftOut }) => leftOut),
      ),
      told(
        'played otherwise than the seed says',
        this.fitted.flatMap(({ changed }) => changed),
      ),
    ];
  }

  async close(): Promise<void> {
    const stage = await this.stage?.catch(() => undefined);
    await stage?.close();
  }
}

function told(what: string, names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return `${what}: ${[...counts].map(([name, count]) => `${name} ${count}`).join(', ') || 'nothing'}`;
}
