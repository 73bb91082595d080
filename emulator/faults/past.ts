import type { Clock } from '../clock.js';
import type { Scripts } from '../scenario/scripts.js';
import type { Store } from '../store/store.js';
import type { World } from '../world.js';

interface Version {
  /** Milliseconds of the wall clock; -Infinity for what was there when the watch began. */
  at: number;
  value: object | undefined;
}

/** Read-only view of a collection. */
interface View<T> {
  get(name: string): T | undefined;
  all(): T[];
}

/** What was true a while ago. It is remembered only as far back as some stale answer may ask for. */
export class Past {
  private readonly versions = new Map<string, Map<string, Version[]>>();
  private keptMs = 0;

  constructor(
    private readonly store: Store,
    private readonly scripts: Scripts,
    private readonly clock: Clock,
  ) {}

  /** Goes by the stale answers that are asked for now, those of rules that may fire included. */
  arm(): void {
    const asked = [
      ...this.scripts.items('requests').map(({ item }) => item),
      ...this.scripts.items('rules').flatMap(({ item }) => item.do.request ?? []),
    ];
    const seconds = asked.map((item) => (item.kind === 'stale' ? item.seconds : 0));
    const wasWatching = this.keptMs > 0;
    this.keptMs = this.clock.milliseconds(Math.max(0, ...seconds));
    if (this.keptMs > 0 && !wasWatching) this.begin();
    if (this.keptMs > 0) return;
    this.store.watch(undefined);
    this.versions.clear();
  }

  /** The world as it was: its jobs, clusters and stored entities; all else is that of now. */
  worldOf(world: World, secondsAgo: number): World {
    const at = this.clock.now().getTime() - this.clock.milliseconds(secondsAgo);
    const jobs = Object.assign(Object.create(world.jobs) as World['jobs'], this.view('jobs', at));
    const clusters = Object.assign(Object.create(world.clusters) as World['clusters'], this.view('clusters', at));
    const collection = (name: string): View<object> => this.view(name, at);
    const store = Object.assign(Object.create(world.store) as World['store'], { collection });
    return { ...world, jobs, clusters, store };
  }

  private begin(): void {
    for (const name of this.store.names()) {
      const entries = new Map<string, Version[]>();
      for (const [key, value] of this.store.collection(name).keyed()) {
        entries.set(key, [{ at: -Infinity, value: structuredClone(value) }]);
      }
      this.versions.set(name, entries);
    }
    this.store.watch((name, key, value) => this.note(name, key, value));
  }

  private note(name: string, key: string, value: object | undefined): void {
    const now = this.clock.now().getTime();
    const entries = this.versions.get(name) ?? new Map<string, Version[]>();
    this.versions.set(name, entries);
    const versions = [...(entries.get(key) ?? []), { at: now, value: structuredClone(value) }];
    const oldest = versions.findLastIndex(({ at }) => at <= now - this.keptMs);
    entries.set(key, versions.slice(Math.max(0, oldest)));
  }

  private view(name: string, at: number): View<object> {
    const entries = this.versions.get(name) ?? new Map<string, Version[]>();
    const valueAt = (key: string): object | undefined =>
      entries.get(key)?.findLast((version) => version.at <= at)?.value;
    return {
      get: (wanted) => valueAt(wanted.toLowerCase()),
      all: () => [...entries.keys()].flatMap((key) => valueAt(key) ?? []),
    };
  }
}
