import type { ClusterNode } from '../entities/cluster.js';
import { Agent, type AgentEvents, type NodeAgent } from '../nodes/agent.js';
import { HollowAgent } from '../nodes/hollow.js';
import type { ToNode } from '../nodes/messages.js';

/** A node of a start. */
export interface Member {
  node: ClusterNode;
  agent: NodeAgent;
  prepared: boolean;
  /** Processes of the command that have not ended yet. */
  running: number;
  state: MemberState;
}

/**
 * - `working`: does its part
 * - `paused`: answers nothing for a while
 * - `lost`: taken away or frozen; nothing more is expected of it
 * - `done`: has said its last word
 */
export type MemberState = 'working' | 'paused' | 'lost' | 'done';

/** The nodes of a start, in the order of ranks. */
export class Crew {
  private readonly members: Member[] = [];

  /** @param hollow its nodes are without processes */
  constructor(private readonly hollow: boolean) {}

  /** Starts the agent of one more node. @throws Error when the system starts no more processes */
  enlist(node: ClusterNode, mark: string, folder: string, running: number, events: CrewEvents): void {
    const heard: AgentEvents = {
      message: (message) => events.message(member, message),
      gone: () => events.gone(member),
    };
    const agent: NodeAgent = this.hollow
      ? new HollowAgent(node.nodeId, heard)
      : new Agent(node.nodeId, mark, folder, heard);
    const member: Member = { node, agent, prepared: false, running, state: 'working' };
    this.members.push(member);
  }

  get agents(): NodeAgent[] {
    return this.members.map(({ agent }) => agent);
  }

  in(state: MemberState): Member[] {
    return this.members.filter((member) => member.state === state);
  }

  every(test: (member: Member) => boolean): boolean {
    return this.members.every(test);
  }

  /** Whether some process of the command is still at it on a node that is left. */
  get hasProcesses(): boolean {
    return this.members.some(({ state, running }) => state !== 'lost' && running > 0);
  }

  /** The members of these ranks that are still there. */
  pick(ranks: readonly number[]): Member[] {
    return this.members.filter(({ state }, rank) => state !== 'lost' && ranks.includes(rank));
  }

  /** Tells every member that works. */
  tell(message: ToNode): void {
    for (const { agent } of this.in('working')) agent.tell(message);
  }

  /** Ends all processes of all members at once; done when their disks are gone too. */
  async kill(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.kill()));
  }
}

/** What members tell. */
export interface CrewEvents {
  message(member: Member, message: Parameters<AgentEvents['message']>[0]): void;
  gone(member: Member): void;
}
