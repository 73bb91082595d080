import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { SEARCH_ATTRIBUTES } from '../../../domain/search-attributes.js';
import { installation } from '../../../installation.js';
import { takeFolder } from '../../../stack/folder.js';
import { type StackPlaces, tools } from '../../../stack/places.js';
import { freePorts } from '../../../stack/ports.js';
import { type Part, startPart, stopPart } from '../../../stack/processes.js';
import { type Place, openPlace } from './place.js';

/** So many places side by side, on one Temporal server in memory; schedules queue for them. */
export class Stage {
  private readonly free: Place[] = [];
  private readonly waiting: ((place: Place) => void)[] = [];
  private readonly all: Place[] = [];

  private constructor(
    private readonly places: StackPlaces,
    private readonly parts: Part[],
  ) {}

  /** @param name of the stage's folder: two that run at once need two */
  static async open(name: string, count: number): Promise<Stage> {
    const places = takeFolder({ name, fresh: true });
    const stage = new Stage(places, []);
    try {
      await stage.begin(count);
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  /** Does something on a place that is free. */
  async on<T>(work: (place: Place) => Promise<T>): Promise<T> {
    const place = this.free.pop() ?? (await new Promise<Place>((resolve) => this.waiting.push(resolve)));
    try {
      return await work(place);
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free.push(place);
      else next(place);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((place) => place.stop()));
    for (const part of this.parts) await stopPart(this.places, part);
  }

  private async begin(count: number): Promise<void> {
    const { places, parts } = this;
    mkdirSync(places.folder, { recursive: true });
    writeFileSync(places.secret, randomBytes(24).toString('base64url'), { mode: 0o600 });
    layOutCode(join(places.folder, 'code'));
    const names = Array.from({ length: count }, (_, index) => `place-${index + 1}`);
    const temporal = await startTemporal(places, parts, names);
    for (const name of names) {
      const place = await openPlace(places, name, temporal);
      this.all.push(place);
      this.free.push(place);
    }
  }
}

/** The stand-in beside the product's own pieces of a trainer, as a person would lay out the code of a trainer of their own. */
function layOutCode(folder: string): void {
  const isCode = (source: string) => !source.includes('__pycache__');
  cpSync(join(installation, 'test', 'simulation', 'emulated', 'trainer'), folder, { recursive: true, filter: isCode });
  cpSync(join(installation, 'training', 'resilience'), join(folder, 'resilience'), { recursive: true, filter: isCode });
}

/** @returns its address */
async function startTemporal(places: StackPlaces, parts: Part[], namespaces: readonly string[]): Promise<string> {
  const [port = 0] = await freePorts(1);
  const { part } = await startPart(places, {
    name: 'temporal',
    command: tools().temporal,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--headless', '--log-level', 'error'],
      ...namespaces.flatMap((name) => ['--namespace', name]),
      ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, kind]) => ['--search-attribute', `${name}=${kind}`]),
    ],
    ready: (line) => (/(Server|Temporal Server):\s/.test(line) ? line : null),
  });
  parts.push(part);
  return `127.0.0.1:${port}`;
}
