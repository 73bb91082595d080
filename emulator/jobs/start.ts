import type { ClusterNode } from '../entities/cluster.js';
import type { Job, JobStatus } from '../entities/job.js';
import type { Treatment } from '../mount/treatment.js';
import type { NodeAgent } from '../nodes/agent.js';
import type { FromNode } from '../nodes/messages.js';
import { nodeMark } from '../nodes/reaper.js';
import type { World } from '../world.js';
import { Crew, type Member } from './crew.js';
import { processFailed, serviceError, unfit, type Ending } from './endings.js';
import { nodeFolder, planNodes } from './plan.js';
import { clusterOf } from './target.js';

/** What a start tells the one who began it. */
export interface StartEvents {
  status(status: JobStatus): void;
  agents(agents: readonly NodeAgent[]): void;
  log(artifact: string): void;
  uploaded(output: string, blob: string, json: string | null): void;
  /** A file is about to go up. @returns what becomes of it; null: nothing out of the ordinary */
  storing(blob: string, bytes: number): Treatment | null;
  /** Every node has come to rest; called once. */
  ended(ending: Ending): void;
}

type Exit = Extract<FromNode, { type: 'exited' }>;

/** A node that cannot send what it has is not waited for longer than this after the grace; real, as uploads are. */
const FLUSH_SECONDS = 60;

/** One start of a job on its nodes, from spawning their agents until the last of them is at rest. */
export class JobStart {
  private readonly crew: Crew;
  private ending: Ending | undefined;
  private imagePulled = false;
  private over = false;
  private phase: 'Preparing' | 'Running' | 'Finalizing' = 'Preparing';
  private warnings = 0;
  private readonly heldExits: { member: Member; exit: Exit }[] = [];

  constructor(
    private readonly world: World,
    private readonly job: Job,
    readonly nodes: readonly ClusterNode[],
    private readonly events: StartEvents,
  ) {
    this.crew = new Crew(world.options.hollowNodes);
  }

  /** Whether it has ended, or has been told to. */
  get isEnding(): boolean {
    return this.over || this.ending !== undefined;
  }

  /** Whether every node has come to rest. */
  get isOver(): boolean {
    return this.over;
  }

  /** Name of the cluster whose nodes it has. */
  get cluster(): string {
    return clusterOf(this.job);
  }

  /** Whether some process of the command is still at it on a node that is left. */
  get hasProcesses(): boolean {
    return this.phase === 'Running' && this.crew.hasProcesses;
  }

  /** Spawns the nodes and has them prepare; goes on by itself from there. */
  async begin(): Promise<void> {
    const { world, job, nodes } = this;
    const places = nodes.map(({ nodeId }) => ({ nodeId, folder: nodeFolder(world.options.stateDir, nodeId, job) }));
    try {
      // At once, so that there is a node to take away from the first moment on.
      nodes.forEach((node, rank) => this.enlist(node, places[rank]?.folder ?? ''));
      this.events.agents(this.crew.agents);
      const specs = await planNodes(world, job, places);
      this.crew.agents.forEach((agent, rank) => {
        const spec = specs[rank];
        if (spec !== undefined && !this.isEnding) agent.tell({ type: 'prepare', spec });
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
    if (this.isEnding) return;
    this.ending = ending;
    const { clock, options } = this.world;
    this.crew.tell({ type: 'stop', graceMs: clock.milliseconds(graceSeconds) });
    clock.after(graceSeconds + FLUSH_SECONDS * options.speed, () => this.giveUp());
    this.settle();
  }

  /** Takes nodes away: killed before this returns, with all that was not uploaded; done when their disks are gone too. */
  async lose(ranks: readonly number[]): Promise<void> {
    const lost = this.crew.pick(ranks);
    for (const member of lost) member.state = 'lost';
    const killed = lost.map(({ agent }) => agent.kill());
    for (const { node } of lost) this.world.clusters.preempt(this.cluster, node.nodeId);
    if (this.isEnding) this.settle();
    await Promise.all(killed);
  }

  /** Nodes vanish without a word to their peers, whose connections to them stay open and silent. */
  freeze(ranks: readonly number[]): void {
    for (const member of this.crew.pick(ranks)) {
      member.state = 'lost';
      member.agent.freeze();
      this.world.clusters.preempt(this.cluster, member.node.nodeId);
    }
  }

  /** Nodes stand still for a while, the job is NotResponding, and then all goes on where it was. */
  pause(ranks: readonly number[], seconds: number): void {
    const paused = this.crew.pick(ranks).filter(({ state }) => state === 'working');
    if (paused.length === 0 || this.isEnding) return;
    for (const member of paused) {
      member.state = 'paused';
      member.agent.freeze();
    }
    this.events.status('NotResponding');
    this.world.clock.after(seconds, () => this.resume(paused));
  }

  /**
   * SIGTERM for the processes of the command on these nodes, and nothing else. Until `release`, no process that fails
   * ends the job: what comes after a warning is put down to the preemption.
   */
  warn(ranks: readonly number[]): void {
    this.warnings += 1;
    for (const { agent } of this.crew.pick(ranks)) agent.tell({ type: 'warn' });
  }

  /** The warning is over: failures that came meanwhile on nodes that are still there count now. */
  release(): void {
    this.warnings -= 1;
    if (this.warnings > 0) return;
    for (const { member, exit } of this.heldExits.splice(0)) if (member.state !== 'lost') this.fail(exit);
  }

  /** Ends every process at once and says nothing: the emulator itself is going. */
  async kill(): Promise<void> {
    this.over = true;
    await this.crew.kill();
  }

  private enlist(node: ClusterNode, folder: string): void {
    const processes = this.job.request.distribution?.processCountPerInstance ?? 1;
    this.crew.enlist(node, nodeMark(this.job, node.nodeId), folder, processes, {
      message: (member, message) => this.hear(member, message),
      gone: (member) => this.gone(member),
    });
  }

  private hear(member: Member, message: FromNode): void {
    if (this.over || member.state === 'lost') return;
    if (message.type === 'prepared') {
      member.prepared = true;
      this.runWhenReady();
    } else if (message.type === 'unfit') this.end({ status: 'Failed', error: unfit(message.message) });
    else if (message.type === 'log') this.events.log(message.artifact);
    else if (message.type === 'uploaded') this.events.uploaded(message.output, message.blob, message.json);
    else if (message.type === 'storing') {
      const treatment = this.events.storing(message.blob, message.bytes);
      member.agent.tell({ type: 'store', id: message.id, treatment });
    } else if (message.type === 'exited') this.processExited(member, message);
    else this.flushed(member, message.problem);
  }

  private runWhenReady(): void {
    const mayRun = this.imagePulled && this.phase === 'Preparing' && !this.isEnding;
    if (!mayRun || !this.crew.every(({ prepared, state }) => prepared && state === 'working')) return;
    this.phase = 'Running';
    this.events.status('Running');
    this.crew.tell({ type: 'run' });
  }

  private processExited(member: Member, exit: Exit): void {
    member.running -= 1;
    if (exit.code !== 0) {
      if (this.warnings > 0) this.heldExits.push({ member, exit });
      else this.fail(exit);
      return;
    }
    const allEnded = this.crew.every(({ running, state }) => running === 0 && state !== 'lost');
    if (!allEnded || this.isEnding || this.heldExits.length > 0) return;
    this.phase = 'Finalizing';
    this.events.status('Finalizing');
  }

  private fail({ code, signal, log, tail }: Exit): void {
    this.end({ status: 'Failed', error: processFailed(code, signal, log, tail) });
  }

  private flushed(member: Member, problem: string | null): void {
    member.state = 'done';
    if (problem !== null) this.end({ status: 'Failed', error: serviceError(`Outputs could not be saved: ${problem}`) });
    this.settle();
  }

  // A node that goes without its last word was not taken away by us: something on the machine went wrong.
  private gone(member: Member): void {
    if (this.over || member.state === 'lost' || member.state === 'done') return;
    member.state = 'done';
    this.end({ status: 'Failed', error: serviceError(`The node ${member.node.nodeId} stopped answering.`) });
    this.settle();
  }

  private resume(paused: readonly Member[]): void {
    // Once it ends they are not woken: they go with the rest.
    const waking = this.isEnding ? [] : paused.filter(({ state }) => state === 'paused');
    for (const member of waking) {
      member.state = 'working';
      member.agent.thaw();
    }
    if (waking.length === 0 || this.crew.in('paused').length > 0) return;
    this.events.status(this.phase);
    this.runWhenReady();
  }

  private giveUp(): void {
    for (const member of this.crew.in('working')) member.state = 'done';
    this.settle();
  }

  private settle(): void {
    if (this.over || this.crew.in('working').length > 0) return;
    const isComplete = this.phase === 'Finalizing' && this.crew.every(({ state }) => state === 'done');
    const ending: Ending | undefined = this.ending ?? (isComplete ? { status: 'Completed' } : undefined);
    if (ending === undefined) return;
    this.over = true;
    // Nodes that stand still are on the machine all the same; now their time is over too.
    void this.crew.kill().then(() => this.events.ended(ending));
  }
}
