import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ContainerClient } from '@azure/storage-blob';

import { closedFiles, deletedFiles } from './closed.js';
import { Notices } from './notices.js';
import { pushFile } from './push.js';
import { Treatments, type Treat } from './treatment.js';
import { readTree, sameContent, signatureOf, type Signature } from './tree.js';
import type { Writers } from './writers.js';

/** What a mount needs and whom it tells. */
export interface MountOptions {
  /** The folder, made if missing. */
  root: string;
  /** A folder beside it on the same disk, where files arrive before they take their place. */
  spool: string;
  container: ContainerClient;
  /** Path in the container, without slashes at its ends. */
  prefix: string;
  writers: Writers;
  /** What becomes of a file on its way; nothing out of the ordinary without it. */
  treat?: Treat;
  /** A file is in Blob storage; `content` only of small ones. */
  uploaded(name: string, content: Buffer | null): void;
  /** Something did not work and will be tried again. */
  problem(message: string): void;
}

const LOOK_MS = 100;
const REST_MS = 1000;
const PULL_MS = 1000;
const FLUSH_PATIENCE_MS = 30_000;

/**
 * A folder kept in step with a prefix of a container, with the semantics of a mount: a file goes up whole when it is
 * closed, in the order of closing, one after the other; what others change in the container appears here within two
 * seconds; what is deleted here is deleted there.
 */
export class Mount {
  private readonly sent = new Map<string, Signature>();
  private readonly etags = new Map<string, string>();
  private readonly notices: Notices;
  private readonly treatments: Treatments;
  private running: Promise<void> = Promise.resolve();
  private stopping = false;
  private unfinished = true;

  private constructor(private readonly options: MountOptions) {
    this.notices = new Notices(options.root);
    this.treatments = new Treatments(options.treat ?? (() => Promise.resolve(null)));
  }

  /** Makes the folder, fills it with what the container holds, and begins to keep both in step. */
  static async start(options: MountOptions): Promise<Mount> {
    await mkdir(options.root, { recursive: true });
    await mkdir(options.spool, { recursive: true });
    const mount = new Mount(options);
    await mount.pull();
    mount.running = mount.keepInStep();
    return mount;
  }

  /**
   * Sends everything that is left and stops. No process may write any more.
   *
   * @throws Error when the storage refuses for half a minute
   */
  async flush(): Promise<void> {
    await this.stop();
    const deadline = Date.now() + FLUSH_PATIENCE_MS;
    for (;;) {
      try {
        for (const name of this.treatments.heal(true)) this.sent.delete(name);
        if (await this.push(new Set())) return;
        // What was to come later comes now, behind the rest.
        this.treatments.releaseAll();
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(REST_MS);
      }
    }
  }

  /** Stops without sending anything more than what is on its way. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
    this.notices.stop();
  }

  private async keepInStep(): Promise<void> {
    let lastLook = 0;
    let lastPull = Date.now();
    while (!this.stopping) {
      const now = Date.now();
      for (const name of this.treatments.heal(false)) this.unsend(name);
      const worthALook = this.notices.happened() || this.unfinished || now - lastLook >= REST_MS;
      try {
        if (worthALook) {
          lastLook = now;
          this.unfinished = !(await this.push());
        }
        if (now - lastPull >= PULL_MS) {
          await this.pull();
          lastPull = Date.now();
        }
      } catch (error) {
        this.options.problem(`mount of ${this.options.prefix}: ${(error as Error).message}`);
        this.unfinished = true;
        await sleep(REST_MS);
      }
      await sleep(LOOK_MS);
    }
  }

  /**
   * One round of sending. The tree is read before the open files: a file that is opened in between then counts as open,
   * never as closed. A file that changed since it was seen makes the round end at once, for it may be open again, and
   * what was closed after it must not overtake it.
   *
   * @returns whether nothing is left to do: no file is open or may be, none changed under our hands
   */
  private async push(noneOpen?: Set<string>): Promise<boolean> {
    const { root, container, writers } = this.options;
    const tree = await readTree(root);
    const open = noneOpen ?? writers.open(root, tree);
    this.notices.follow(tree.folders);
    const round = {
      files: tree.files,
      sent: this.sent,
      open,
      noticed: (name: string) => this.notices.positionOf(name),
      now: noneOpen === undefined ? Date.now() : Infinity,
    };
    const { closed, waits } = closedFiles(round);
    let held = false;
    for (const name of closed) {
      if (this.stopping && noneOpen === undefined) return false;
      const seen = tree.files.get(name);
      if (seen === undefined) continue;
      const portion = await this.treatments.portionOf(name, seen);
      held ||= portion === undefined;
      if (portion === undefined) continue;
      const pushed = await pushFile(container.getBlockBlobClient(this.blobName(name)), join(root, name), seen, portion);
      if (pushed.result === 'changed') return false;
      this.treatments.sent(name);
      this.sent.set(name, pushed.signature);
      this.etags.set(name, unquoted(pushed.etag));
      this.options.uploaded(name, pushed.content);
    }
    for (const name of deletedFiles(round)) {
      await container.getBlobClient(this.blobName(name)).deleteIfExists();
      this.forget(name);
    }
    return open.size === 0 && !waits && !held;
  }

  private async pull(): Promise<void> {
    const { container, prefix } = this.options;
    const start = prefix === '' ? '' : `${prefix}/`;
    const present = new Set<string>();
    for await (const blob of container.listBlobsFlat({ prefix: start })) {
      const name = blob.name.slice(start.length);
      if (name === '' || name.endsWith('/')) continue;
      present.add(name);
      const isNews = this.etags.get(name) !== unquoted(blob.properties.etag);
      if (isNews) await this.fetch(name, unquoted(blob.properties.etag));
    }
    for (const name of [...this.etags.keys()]) if (!present.has(name)) await this.vanish(name);
  }

  // What was changed here and is not yet sent wins over news from outside.
  private async fetch(name: string, etag: string): Promise<void> {
    const { root, spool, container } = this.options;
    const path = join(root, name);
    if (!sameContent(await signatureOf(path), this.sent.get(name))) return;
    const arriving = join(spool, 'arriving');
    await container.getBlobClient(this.blobName(name)).downloadToFile(arriving);
    await mkdir(dirname(path), { recursive: true });
    await rename(arriving, path);
    const signature = await signatureOf(path);
    if (signature !== undefined) this.sent.set(name, signature);
    this.etags.set(name, etag);
  }

  private async vanish(name: string): Promise<void> {
    const path = join(this.options.root, name);
    const unchangedHere = sameContent(await signatureOf(path), this.sent.get(name));
    this.forget(name);
    if (unchangedHere) await rm(path, { force: true });
  }

  private unsend(name: string): void {
    this.sent.delete(name);
    this.unfinished = true;
  }

  private forget(name: string): void {
    this.treatments.forget(name);
    this.sent.delete(name);
    this.etags.delete(name);
    this.notices.forget(name);
  }

  private blobName(name: string): string {
    return this.options.prefix === '' ? name : `${this.options.prefix}/${name}`;
  }
}

// Listings give ETags bare, answers to uploads in quotes.
function unquoted(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}
