import type { AgentEvents, NodeAgent } from './agent.js';
import type { ToNode } from './messages.js';

/**
 * A node without a process: it is ready at once, runs nothing, and goes when it is told to. What a command would do, whoever asked for such
 * nodes does in its place. For the service's own side of thousands of jobs on one machine.
 */
export class HollowAgent implements NodeAgent {
  /** No process of the machine has it; nothing is ever signalled by it. */
  readonly pid = 0;
  readonly started = null;

  constructor(
    readonly nodeId: string,
    private readonly events: Pick<AgentEvents, 'message'>,
  ) {}

  tell(message: ToNode): void {
    // Never before the one who tells has come to his end, as with a process.
    if (message.type === 'prepare') setImmediate(() => this.events.message({ type: 'prepared' }));
    if (message.type === 'stop') setImmediate(() => this.events.message({ type: 'flushed', problem: null }));
  }

  kill(): Promise<void> {
    return Promise.resolve();
  }

  freeze(): void {
    // It stands still anyway.
  }

  thaw(): void {
    // The same.
  }
}
