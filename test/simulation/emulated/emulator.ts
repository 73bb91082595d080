import type { Job } from '../../../emulator/entities/job.js';
import type { Cluster } from '../../../emulator/entities/cluster.js';

/** What the emulator knows of its jobs and clusters. */
export interface EmulatorState {
  readonly jobs: readonly Job[];
  readonly clusters: readonly Cluster[];
}

/** The emulator's own controls, which Azure has none of. */
export class EmulatorControl {
  /** @param url its plain HTTP */
  constructor(private readonly url: string) {}

  async state(): Promise<EmulatorState> {
    return (await this.ask('GET', 'state')) as EmulatorState;
  }

  /** @returns whether the job had that node to lose */
  async evict(what: Readonly<Record<string, unknown>>): Promise<boolean> {
    return (await this.ask('POST', 'evict', what)) !== null;
  }

  async add(parts: Readonly<Record<string, readonly unknown[]>>): Promise<void> {
    await this.ask('POST', 'faults', parts);
  }

  async clear(): Promise<void> {
    await this.ask('DELETE', 'faults');
  }

  /** @returns null where it refuses because there is nothing to do it to */
  private async ask(method: string, what: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.url}/_emulator/${what}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (answer.status === 404 || answer.status === 409) return null;
    if (!answer.ok) throw new Error(`the emulator refuses ${what} (${answer.status}): ${await answer.text()}`);
    return answer.json();
  }
}
