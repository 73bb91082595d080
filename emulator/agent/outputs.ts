import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { Mount } from '../mount/mount.js';
import { pushFile } from '../mount/push.js';
import type { Treatment } from '../mount/treatment.js';
import { readTree } from '../mount/tree.js';
import { ProcWriters, QuietWriters } from '../mount/writers.js';
import type { FromNode, NodeOutput, NodeSpec } from '../nodes/messages.js';
import { containerOf } from '../storage/client.js';
import type { BlobPlace } from '../storage/place.js';

const JSON_LIMIT_BYTES = 64 * 1024;

/** The outputs of a job on this node: mounted folders, and folders to upload at the end. */
export class Outputs {
  /** What the expressions `${{outputs.NAME}}` stand for. */
  readonly paths: Record<string, string> = {};
  private readonly mounts: Mount[] = [];
  private readonly questions = new Map<number, (treatment: Treatment | null) => void>();
  private asked = 0;

  constructor(
    private readonly spec: NodeSpec,
    private readonly mark: string,
    private readonly tell: (message: FromNode) => void,
  ) {}

  /** Makes every output's folder and mounts those that are to be mounted. */
  async open(): Promise<void> {
    for (const output of this.spec.outputs) {
      const folder = join(this.spec.folder, 'outputs', output.name);
      await mkdir(folder, { recursive: true });
      // The system knows open files by their real paths.
      const root = await realpath(folder);
      this.paths[output.name] = root;
      if (output.mode === 'mount') this.mounts.push(await this.mount(output, root));
    }
  }

  /** Sends what is left of everything. The command has ended on this node. */
  async flush(workFolder: string): Promise<void> {
    for (const mount of this.mounts) await mount.flush();
    for (const output of this.spec.outputs) {
      const folder = this.paths[output.name];
      if (output.mode === 'upload' && folder !== undefined) await this.upload(folder, output.place, output.name);
    }
    // ./outputs of the working folder is every job's own artifact folder.
    const { artifacts } = this.spec;
    if (artifacts === null) return;
    const place = { ...artifacts, prefix: `${artifacts.prefix}/outputs` };
    await this.upload(join(workFolder, 'outputs'), place, 'default');
  }

  /** The answer to a question of `storing`. */
  answer(id: number, treatment: Treatment | null): void {
    this.questions.get(id)?.(treatment);
    this.questions.delete(id);
  }

  private mount(output: NodeOutput, root: string): Promise<Mount> {
    return Mount.start({
      root,
      spool: join(this.spec.folder, 'spool', output.name),
      container: containerOf(output.place),
      prefix: output.place.prefix,
      writers: ProcWriters.available() ? new ProcWriters(this.mark) : new QuietWriters(),
      treat: (name, bytes) => this.ask(name, bytes),
      uploaded: (name, content) => this.uploaded(output.name, name, content),
      problem: (message) => void process.stderr.write(`${message}\n`),
    });
  }

  private ask(blob: string, bytes: number): Promise<Treatment | null> {
    this.asked += 1;
    const id = this.asked;
    return new Promise((resolve) => {
      this.questions.set(id, resolve);
      this.tell({ type: 'storing', id, blob, bytes });
    });
  }

  private async upload(folder: string, place: BlobPlace, output: string): Promise<void> {
    const container = containerOf(place);
    const { files } = await readTree(folder);
    for (const [name, seen] of files) {
      const pushed = await pushFile(container.getBlockBlobClient(`${place.prefix}/${name}`), join(folder, name), seen);
      if (pushed.result === 'sent') this.uploaded(output, name, pushed.content);
    }
  }

  private uploaded(output: string, blob: string, content: Buffer | null): void {
    const isSmallJson = blob.endsWith('.json') && content !== null && content.length < JSON_LIMIT_BYTES;
    this.tell({ type: 'uploaded', output, blob, json: isSmallJson ? content.toString('utf8') : null });
  }
}
