import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { writeAtomically } from './atomic.js';
import { Collection } from './collection.js';

const DEBOUNCE_MS = 50;

/** Is told what is at a key of a collection now; undefined: nothing. */
export type StoreWatcher = (collection: string, key: string, value: object | undefined) => void;

/**
 * Every entity of the emulator, in memory and as one file each below a folder. Changes are written in the background a
 * moment later; `flush` waits for them, and the server does so before it answers a request that changed anything.
 */
export class Store {
  private readonly collections = new Map<string, Collection<object>>();
  private readonly dirty = new Map<string, { folder: string; value: object | undefined }>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private watcher: StoreWatcher | undefined;

  private constructor(private readonly folder: string) {}

  /** Opens a folder, made if missing, and loads the named collections from it. Half-written files are ignored. */
  static async open(folder: string, names: readonly string[]): Promise<Store> {
    const store = new Store(folder);
    for (const name of names) await store.load(name);
    return store;
  }

  /** @throws Error when the collection was not named at opening: a mistake of the programmer */
  collection<T extends object>(name: string): Collection<T> {
    const found = this.collections.get(name);
    if (found === undefined) throw new Error(`The store has no collection "${name}".`);
    return found as unknown as Collection<T>;
  }

  /** Names of all collections, for the state page. */
  names(): string[] {
    return [...this.collections.keys()];
  }

  /** Tells `watcher` of every change from now on; one watcher at a time. */
  watch(watcher: StoreWatcher | undefined): void {
    this.watcher = watcher;
  }

  /** Waits until everything that changed before the call is on disk. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.writeDirty());
    return this.writing;
  }

  private async load(name: string): Promise<void> {
    const folder = join(this.folder, name);
    await mkdir(folder, { recursive: true });
    const entries = new Map<string, object>();
    for (const file of await readdir(folder)) {
      if (!file.endsWith('.json')) continue;
      const text = await readFile(join(folder, file), 'utf8');
      entries.set(decodeURIComponent(file.slice(0, -'.json'.length)), JSON.parse(text) as object);
    }
    this.collections.set(
      name,
      new Collection(entries, (key, value) => {
        this.watcher?.(name, key, value);
        this.changed(folder, key, value);
      }),
    );
  }

  private changed(folder: string, key: string, value: object | undefined): void {
    this.dirty.set(join(folder, `${encodeURIComponent(key)}.json`), { folder, value });
    this.timer ??= setTimeout(() => void this.flush(), DEBOUNCE_MS);
  }

  private async writeDirty(): Promise<void> {
    const batch = [...this.dirty];
    this.dirty.clear();
    for (const [file, { value }] of batch) {
      if (value === undefined) await rm(file, { force: true });
      else await writeAtomically(file, JSON.stringify(value));
    }
  }
}
