import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { z } from 'zod';

const stateSchema = z.object({
  limits: z.object({ principals: z.record(z.string(), z.object({ requests: z.number(), throttled: z.number() })) }),
  jobs: z.array(z.object({ name: z.string(), status: z.string(), createdAt: z.string() })),
});

/** A job as the emulator knows it; times are epoch milliseconds. */
export interface KnownJob {
  readonly name: string;
  readonly status: string;
  readonly createdAt: number;
}

/** The emulator's own controls, which no limit counts. */
export class EmulatorControl {
  private readonly agent: Agent;

  constructor(
    private readonly url: string,
    caFile: string,
  ) {
    this.agent = new Agent({ keepAlive: true, ca: readFileSync(caFile, 'utf8') });
  }

  /** All jobs, and how many requests were refused for the limits so far. */
  async state(): Promise<{ jobs: KnownJob[]; refused: number }> {
    const { jobs, limits } = stateSchema.parse(JSON.parse(await this.call('GET', '/_emulator/state')));
    const refused = Object.values(limits.principals).reduce((sum, { throttled }) => sum + throttled, 0);
    return { jobs: jobs.map((job) => ({ ...job, createdAt: Date.parse(job.createdAt) })), refused };
  }

  /** Takes the node of a job away, without a warning. */
  async evict(job: string): Promise<void> {
    await this.call('POST', '/_emulator/evict', { job, face: 'failed' });
  }

  /** From now on every request to Azure is answered 429, until `calm`. */
  async refuseEverything(retryAfter: number): Promise<void> {
    await this.call('POST', '/_emulator/faults', { requests: [{ kind: 'throttled', retryAfter }] });
  }

  async calm(): Promise<void> {
    await this.call('DELETE', '/_emulator/faults');
  }

  close(): void {
    this.agent.destroy();
  }

  private call(method: string, path: string, body?: object): Promise<string> {
    return new Promise((done, failed) => {
      const headers = { 'content-type': 'application/json' };
      const sent = request(`${this.url}${path}`, { method, agent: this.agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if ((response.statusCode ?? 0) < 300) done(text);
          else failed(new Error(`${method} ${path} was answered ${response.statusCode}: ${text.slice(0, 300)}`));
        });
      });
      sent.once('error', failed);
      sent.end(body === undefined ? '' : JSON.stringify(body));
    });
  }
}
