import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { markedProcesses, send } from '../nodes/processes.js';
import type { FromNode, NodeSpec } from '../nodes/messages.js';
import { globalRank, logName, processEnvironment } from './environment.js';
import { tailOf } from './logs.js';

const TAIL_LINES = 15;
const WAIT_MS = 50;

/** The processes of a job's command on this node. */
export class Command {
  private readonly children: ChildProcess[] = [];
  private readonly ends: Promise<void>[] = [];

  /** @param mark marks every process of this node, the agent included */
  constructor(
    private readonly spec: NodeSpec,
    private readonly mark: string,
    private readonly tell: (message: FromNode) => void,
  ) {}

  /** Path of the local log of a process. */
  logPath(local: number): string {
    return join(this.spec.folder, logName(this.spec, local));
  }

  /** Starts every process of the command in the working folder. */
  start(line: string, workFolder: string): void {
    for (let local = 0; local < this.spec.processes; local += 1) this.startOne(line, workFolder, local);
  }

  /** Waits until every process that the command started has ended, grandchildren too. */
  async ended(): Promise<void> {
    await Promise.all(this.ends);
  }

  /** SIGTERM for every process of the command; what they make of it is theirs. */
  warn(): void {
    this.signal('SIGTERM');
  }

  /** Ends the command: SIGTERM to all its processes, and SIGKILL to those that are left after the grace. */
  async stop(graceMs: number): Promise<void> {
    const deadline = Date.now() + graceMs;
    if (graceMs > 0) this.signal('SIGTERM');
    while (Date.now() < deadline && this.members().length > 0) await sleep(WAIT_MS);
    while (this.members().length > 0) {
      this.signal('SIGKILL');
      await sleep(WAIT_MS);
    }
  }

  private startOne(line: string, workFolder: string, local: number): void {
    const log = this.logPath(local);
    mkdirSync(dirname(log), { recursive: true });
    const output = openSync(log, 'w');
    const child = spawn('bash', ['-c', line], {
      cwd: workFolder,
      env: processEnvironment(this.spec, local, this.mark),
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.children.push(child);
    this.ends.push(this.end(child, local));
  }

  private async end(child: ChildProcess, local: number): Promise<void> {
    const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.once('error', () => resolve({ code: 127, signal: null }));
      child.once('exit', (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }));
    });
    const tail = await tailOf(this.logPath(local), TAIL_LINES).catch(() => '');
    const [rank, log] = [globalRank(this.spec, local), logName(this.spec, local)];
    this.tell({ type: 'exited', rank, code, signal, log, tail });
  }

  // Where there is no /proc only the direct children are known.
  private members(): number[] {
    const marked = markedProcesses(this.mark).filter((pid) => pid !== process.pid);
    const direct = this.children.filter((child) => child.exitCode === null && child.signalCode === null);
    return [...new Set([...marked, ...direct.flatMap((child) => child.pid ?? [])])];
  }

  private signal(signal: NodeJS.Signals): void {
    for (const pid of this.members()) send(pid, signal);
  }
}
