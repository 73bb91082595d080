import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/**
 * Notices changes below a folder as the system reports them. It serves two ends: to look only when something happened,
 * and to tell the order of changes that fall into one tick of the file system's clock. It may miss some (a folder is
 * watched a moment after it is made), so nobody relies on it alone.
 */
export class Notices {
  private readonly watchers = new Map<string, FSWatcher>();
  private readonly order = new Map<string, number>();
  private count = 0;
  private unseen = true;

  constructor(private readonly root: string) {
    this.watchFolder('');
  }

  /** Position of the last change noticed of a file. */
  positionOf(name: string): number | undefined {
    return this.order.get(name);
  }

  /** Whether anything happened since the last call. */
  happened(): boolean {
    const { unseen } = this;
    this.unseen = false;
    return unseen;
  }

  /** Watches exactly these folders. */
  follow(folders: readonly string[]): void {
    const wanted = new Set(folders);
    for (const [folder, watcher] of this.watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.watchers.delete(folder);
    }
    for (const folder of wanted) this.watchFolder(folder);
  }

  forget(name: string): void {
    this.order.delete(name);
  }

  stop(): void {
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
  }

  private watchFolder(folder: string): void {
    if (this.watchers.has(folder)) return;
    try {
      const watcher = watch(join(this.root, folder), (event, file) => this.notice(folder, event, file));
      watcher.on('error', () => undefined);
      this.watchers.set(folder, watcher);
    } catch {
      // Gone again, or the system's limit of watches: the regular look finds what changed.
    }
  }

  private notice(folder: string, event: string, file: string | null): void {
    this.unseen = true;
    if (file === null) return;
    const name = folder === '' ? file : `${folder}/${file}`;
    this.count += 1;
    this.order.set(name, this.count);
    // It may be a new folder; watching a file instead is harmless and ends at the next look.
    if (event === 'rename') this.watchFolder(name);
  }
}
