import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Treatment } from '../mount/treatment.js';
import type { FromNode, NodeSpec } from '../nodes/messages.js';
import { containerOf } from '../storage/client.js';
import { Command } from './command.js';
import { logName } from './environment.js';
import { expand } from './expand.js';
import { fetchCode, fetchInputs } from './inputs.js';
import { LogStream } from './logs.js';
import { Outputs } from './outputs.js';

/** A node's part of a job, from an empty disk to the last upload. */
export class Work {
  private readonly command: Command;
  private readonly outputs: Outputs;
  private readonly workFolder: string;
  private line = '';
  private running = false;
  private stopped = false;

  constructor(
    private readonly spec: NodeSpec,
    mark: string,
    private readonly tell: (message: FromNode) => void,
  ) {
    this.command = new Command(spec, mark, tell);
    this.outputs = new Outputs(spec, mark, tell);
    this.workFolder = join(spec.folder, 'wd');
  }

  /** Code, inputs and output folders; says `prepared` or `unfit`. */
  async prepare(): Promise<void> {
    try {
      await mkdir(this.workFolder, { recursive: true });
      await mkdir(join(this.spec.folder, 'tmp'), { recursive: true });
      await fetchCode(this.spec, this.workFolder);
      const inputs = await fetchInputs(this.spec, join(this.spec.folder, 'inputs'));
      await this.outputs.open();
      this.line = expand(this.spec.command, { inputs, outputs: this.outputs.paths });
      this.tell({ type: 'prepared' });
    } catch (error) {
      this.tell({ type: 'unfit', message: (error as Error).message });
    }
  }

  /** Runs the command to its end and sends everything; `flushed` is its last word. */
  async run(): Promise<void> {
    if (this.stopped) return;
    this.running = true;
    this.command.start(this.line, this.workFolder);
    const logs = this.streamLogs();
    await this.command.ended();
    // What the command left behind in the background ends with it, as a container would end it.
    await this.command.stop(0);
    await this.finish(logs);
  }

  /** Passes on that the machine will be taken away. */
  warn(): void {
    if (this.running) this.command.warn();
  }

  /** What is to become of a file that is about to go up. */
  store(id: number, treatment: Treatment | null): void {
    this.outputs.answer(id, treatment);
  }

  /** Ends the command; without one running, this is the end of the work. */
  async stop(graceMs: number): Promise<void> {
    const isFirst = !this.stopped;
    this.stopped = true;
    await this.command.stop(graceMs);
    // Nothing ran, so there is nothing to send; its outputs may not even have folders yet.
    if (isFirst && !this.running) this.tell({ type: 'flushed', problem: null });
  }

  private streamLogs(): LogStream[] {
    const { artifacts } = this.spec;
    const container = artifacts === null ? null : containerOf(artifacts);
    return Array.from({ length: this.spec.processes }, (_, local) => {
      const artifact = logName(this.spec, local);
      this.tell({ type: 'log', artifact });
      return new LogStream(this.command.logPath(local), container, `${artifacts?.prefix ?? ''}/${artifact}`);
    });
  }

  private async finish(logs: LogStream[]): Promise<void> {
    try {
      for (const log of logs) await log.close();
      await this.outputs.flush(this.workFolder);
      this.tell({ type: 'flushed', problem: null });
    } catch (error) {
      this.tell({ type: 'flushed', problem: (error as Error).message });
    }
  }
}
