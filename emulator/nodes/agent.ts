import { spawn, type ChildProcess } from 'node:child_process';
import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { NODE_MARK, type FromNode, type ToNode } from './messages.js';
import { killNode, signalNode, startTime } from './processes.js';

const PROGRAM = fileURLToPath(new URL('../node-agent.js', import.meta.url));

/** What an agent tells the one who started it. */
export interface AgentEvents {
  message(message: FromNode): void;
  /** The agent's process is gone. */
  gone(): void;
}

/** What a start of a job knows of a node. */
export type NodeAgent = Pick<Agent, 'nodeId' | 'pid' | 'started' | 'tell' | 'kill' | 'freeze' | 'thaw'>;

/** A node at work: its agent process, the head of a process group of its own. */
export class Agent {
  readonly pid: number;
  readonly started: string | null;
  private readonly child: ChildProcess;

  /**
   * @param nodeId the machine
   * @param mark names this start of a job on the machine
   * @param folder the machine's disk for this start
   * @throws Error when the system starts no more processes
   */
  constructor(
    readonly nodeId: string,
    readonly mark: string,
    readonly folder: string,
    events: AgentEvents,
  ) {
    // A scrubbed environment: what the emulator was started with is no business of a job.
    const environment = { [NODE_MARK]: mark, PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
    this.child = spawn(process.execPath, [PROGRAM], {
      detached: true,
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    if (this.child.pid === undefined) throw new Error(`The node agent of ${nodeId} could not be started.`);
    this.pid = this.child.pid;
    this.started = startTime(this.pid);
    this.child.on('message', (message) => events.message(message as FromNode));
    // A signal may find the channel closed a moment before the exit is known; the exit tells the same.
    this.child.on('error', () => undefined);
    this.child.once('exit', () => events.gone());
  }

  tell(message: ToNode): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  /** The machine is taken away: every process at once, then its disk. */
  async kill(): Promise<void> {
    await killNode(this.pid, this.mark);
    await this.dropDisk();
  }

  /** The machine stops in its tracks: its connections stay open and nothing answers any more. */
  freeze(): void {
    signalNode(this.pid, this.mark, 'SIGSTOP');
  }

  /** The machine goes on where it stopped. */
  thaw(): void {
    signalNode(this.pid, this.mark, 'SIGCONT');
  }

  private async dropDisk(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    // The machine's own folder goes with its last disk; another start of a job may have one there.
    await rmdir(dirname(this.folder)).catch(() => undefined);
  }
}
