import type { ClusterNode } from '../entities/cluster.js';
import type { Job, JobStatus } from '../entities/job.js';
import { Agent } from '../nodes/agent.js';
import type { FromNode } from '../nodes/messages.js';
import { nodeMark } from '../nodes/reaper.js';
import type { World } from '../world.js';
import { processFailed, serviceError, unfit, type Ending } from './endings.js';
import { nodeFolder, planNodes } from './plan.js';

/** What a start tells the one who began it. */
export interface StartEvents {
  status(status: JobStatus): void;
  agents(agents: readonly Agent[]): void;
  log(artifact: string): void;
  uploaded(output: string, blob: string, json: string | null): void;
  /** Every node has come to rest; called once. */
  ended(ending: Ending): void;
}

interface Member {
  node: ClusterNode;
  agent: Agent;
  prepared: boolean;
  /** Processes of the command that have not ended yet. */
  running: number;
  /** `lost`: taken away or frozen; nothing more is expected of it. */
  state: 'working' | 'lost' | 'done';
}

/** One start of a job on its nodes, from spawning their agents until the last of them is at rest. */
export class JobStart {
  private members: Member[] = [];
  private ending: Ending | undefined;
  private imagePulled = false;
  private over = false;
  private phase: 'preparing' | 'running' | 'finalizing' = 'preparing';

  constructor(
    private readonly world: World,
    private readonly job: Job,
    readonly nodes: readonly ClusterNode[],
    private readonly events: StartEvents,
  ) {}

  /** Spawns the nodes and has them prepare; goes on by itself from there. */
  async begin(): Promise<void> {
    const { world, job, nodes } = this;
    const folders = nodes.map((node) => nodeFolder(world.options.stateDir, node.nodeId, job));
    try {
      const specs = await planNodes(
        world,
        job,
        nodes.map(({ nodeId }, rank) => ({ nodeId, folder: folders[rank] ?? '' })),
      );
      if (this.over || this.ending !== undefined) return;
      this.members = nodes.map((node, rank) => this.enlist(node, folders[rank] ?? ''));
      this.events.agents(this.members.map(({ agent }) => agent));
      this.members.forEach(({ agent }, rank) => {
        const spec = specs[rank];
        if (spec !== undefined) agent.tell({ type: 'prepare', spec });
      });
    } catch (error) {
      this.end({ status: 'Failed', error: unfit((error as Error).message) });
    }
    world.clock.after(world.options.prepareSeconds, () => {
      this.imagePulled = true;
      this.runWhenReady();
    });
  }

  /** Ends the start: the first word counts. Commands get SIGTERM and `graceSeconds`, or SIGKILL at once with 0. */
  end(ending: Ending, graceSeconds = 0): void {
    if (this.ending !== undefined || this.over) return;
    this.ending = ending;
    const graceMs = this.world.clock.milliseconds(graceSeconds);
    for (const member of this.working()) member.agent.tell({ type: 'stop', graceMs });
    this.settle();
  }

  /** Takes nodes away: killed before this returns, with all that was not uploaded; done when their disks are gone too. */
  async lose(ranks: readonly number[]): Promise<void> {
    const lost = this.pick(ranks);
    for (const member of lost) member.state = 'lost';
    const killed = lost.map(({ agent }) => agent.kill());
    for (const { node } of lost) this.world.clusters.preempt(this.clusterName(), node.nodeId);
    await Promise.all(killed);
  }

  /** Nodes vanish without a word to their peers, whose connections to them stay open and silent. */
  freeze(ranks: readonly number[]): void {
    for (const member of this.pick(ranks)) {
      member.state = 'lost';
      member.agent.freeze();
      this.world.clusters.preempt(this.clusterName(), member.node.nodeId);
    }
  }

  /** Ends every process at once and says nothing: the emulator itself is going. */
  async kill(): Promise<void> {
    this.over = true;
    await Promise.all(this.members.map(({ agent }) => agent.kill()));
  }

  private enlist(node: ClusterNode, folder: string): Member {
    const agent: Agent = new Agent(node.nodeId, nodeMark(this.job, node.nodeId), folder, {
      message: (message) => this.hear(member, message),
      gone: () => this.gone(member),
    });
    const running = this.job.request.distribution?.processCountPerInstance ?? 1;
    const member: Member = { node, agent, prepared: false, running, state: 'working' };
    return member;
  }

  private hear(member: Member, message: FromNode): void {
    if (this.over || member.state === 'lost') return;
    if (message.type === 'prepared') {
      member.prepared = true;
      this.runWhenReady();
    } else if (message.type === 'unfit') this.end({ status: 'Failed', error: unfit(message.message) });
    else if (message.type === 'log') this.events.log(message.artifact);
    else if (message.type === 'uploaded') this.events.uploaded(message.output, message.blob, message.json);
    else if (message.type === 'exited') this.processExited(member, message);
    else this.flushed(member, message.problem);
  }

  private runWhenReady(): void {
    const ready = this.imagePulled && this.phase === 'preparing' && this.ending === undefined;
    if (!ready || this.over || !this.members.every(({ prepared }) => prepared)) return;
    this.phase = 'running';
    this.events.status('Running');
    for (const member of this.working()) member.agent.tell({ type: 'run' });
  }

  private processExited(member: Member, exit: Extract<FromNode, { type: 'exited' }>): void {
    member.running -= 1;
    if (exit.code !== 0) {
      const error = processFailed(exit.code, exit.signal, exit.log, exit.tail);
      this.end({ status: 'Failed', error });
      return;
    }
    const allEnded = this.members.every(({ running, state }) => running === 0 && state !== 'lost');
    if (!allEnded || this.ending !== undefined) return;
    this.phase = 'finalizing';
    this.events.status('Finalizing');
  }

  private flushed(member: Member, problem: string | null): void {
    member.state = 'done';
    if (problem !== null) this.end({ status: 'Failed', error: serviceError(`Outputs could not be saved: ${problem}`) });
    this.settle();
  }

  // A node that goes without its last word was not taken away by us: something on the machine went wrong.
  private gone(member: Member): void {
    if (this.over || member.state !== 'working') return;
    member.state = 'done';
    this.end({ status: 'Failed', error: serviceError(`The node ${member.node.nodeId} stopped answering.`) });
    this.settle();
  }

  private settle(): void {
    const resting = this.working().length === 0;
    const completed = this.ending === undefined && this.phase === 'finalizing';
    if (this.over || !resting || (this.ending === undefined && !completed)) return;
    this.over = true;
    const ending: Ending = this.ending ?? { status: 'Completed' };
    // Frozen nodes are still on the machine; now their time is over too.
    void Promise.all(this.members.map(({ agent }) => agent.kill())).then(() => this.events.ended(ending));
  }

  private working(): Member[] {
    return this.members.filter(({ state }) => state === 'working');
  }

  private pick(ranks: readonly number[]): Member[] {
    return this.members.filter(({ state }, rank) => state !== 'lost' && ranks.includes(rank));
  }

  private clusterName(): string {
    return this.job.request.computeId?.split('/').pop() ?? '';
  }
}
