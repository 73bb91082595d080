import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { RunConfig } from '../../../domain/config.js';
import { type JournalEntry, readEntries } from '../../../domain/journal.js';
import { journalPath, reportPath } from '../../../domain/paths.js';
import type { RunReport } from '../../../client.js';
import type { Fault, Schedule } from '../schedule.js';
import type { Cause } from '../world/job.js';
import { PHASE, configOf } from './config.js';
import type { EmulatorState } from './emulator.js';
import { Inventory } from './inventory.js';
import { Keeper } from './keeper.js';
import { Operator } from './operator.js';
import type { Place } from './place.js';
import { type Scene, strike } from './strike.js';
import { milliseconds, sleep } from './time.js';

const LOOK_MS = 400;
/** Nodes that nobody needs any more leave by themselves. */
const LEAVING_SECONDS = 900;

/** All that was seen of a run from outside. */
export interface Happened {
  readonly config: RunConfig;
  readonly schedule: Schedule;
  /** How Temporal says that it ended; null where it was not over in time. */
  readonly ended: string | null;
  readonly report: RunReport | null;
  readonly journal: readonly JournalEntry[];
  /** Jobs and clusters when the run was over and nodes had time to leave. */
  readonly state: EmulatorState;
  readonly inventory: Inventory;
  readonly causes: ReadonlyMap<string, readonly Cause[]>;
  readonly struck: ReadonlyMap<string, number>;
  /** Stretches in which somebody could not act or nothing could be had, real milliseconds. */
  readonly troubles: readonly Trouble[];
  /** Real milliseconds of the first submission and of the end. */
  readonly from: number;
  readonly until: number;
  /** Where the files lie that tell the story. */
  readonly folder: string;
}

export interface Trouble {
  readonly kind: 'no worker' | Fault['kind'];
  readonly from: number;
  readonly until: number;
}

/** Plays a schedule once. @param patienceMs how long it may take @throws Error where the place itself fails */
export async function drive(place: Place, schedule: Schedule, patienceMs: number): Promise<Happened> {
  const run = `s${schedule.seed}`;
  const folder = join(place.places.folder, 'runs', run);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const cluster = `${schedule.ownsCluster ? 'own' : 'shared'}-${run}`;
  const { cloud, dataset, orders } = place;
  const code = join(place.places.folder, 'code');
  const config = configOf(run, schedule, { cloud, cluster, orders: orders.folder, code, dataset });
  const connection = await Connection.connect({ address: place.client.target.address });
  const temporal = new Client({ connection, namespace: place.client.target.namespace });
  const causes = new Map<string, Cause[]>();
  const operator = new Operator(place.client, temporal, config);
  const inventory = new Inventory(place.store, run);
  const keeper = new Keeper(place);
  const blame = (job: string, cause: Cause) => void causes.set(job, [...(causes.get(job) ?? []), cause]);
  const scene: Scene = { place, run, cluster, steps: schedule.steps, inventory, keeper, operator, blame };
  const story = new Story(join(folder, 'faults.log'));
  try {
    await place.emulator.clear();
    // From the very beginning, so that answers from before a job was made are known.
    await place.emulator.add({ requests: [{ kind: 'stale', seconds: 1e6, path: '**/nothing-of-this-name' }] });
    if (!schedule.ownsCluster) await place.makeCluster(cluster);
    await keeper.begin();
    await place.client.startRun(config);
    const deadline = Date.now() + patienceMs;
    const from = await firstJob(scene, deadline);
    const faults = new Faults(scene, schedule.faults, story);
    if (from !== null) faults.arm(from);
    const ended = await waitForEnd(scene, deadline, story);
    const until = Date.now();
    await faults.end();
    const state = await settled(scene);
    await inventory.look();
    const journal = readEntries((await place.store.text(journalPath(run))) ?? '');
    const report = (await place.store.json(reportPath(run, 'json'))) as RunReport | null;
    const noWorker = keeper.away.map((stretch) => ({ kind: 'no worker' as const, ...stretch }));
    const troubles = [...noWorker, ...faults.troubles];
    const { struck } = faults;
    for (const [job, mishaps] of causes)
      causes.set(
        job,
        mishaps.filter((cause) => !orders.waits(job, cause)),
      );
    keep(folder, { schedule, state, journal, ended });
    return {
      ...{ config, schedule, ended, report, journal, state, inventory, causes, struck, troubles },
      from: from ?? until,
      until,
      folder,
    };
  } finally {
    orders.noDeath();
    await keeper.end();
    place.storage.shut(false);
    await temporal.workflow
      .getHandle(run)
      .terminate('over')
      .catch(() => undefined);
    await connection.close();
  }
}

/** Lets faults strike at their times, and writes down what became of each. */
class Faults {
  readonly struck = new Map<string, number>();
  readonly troubles: Trouble[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly striking = new Set<Promise<void>>();

  constructor(
    private readonly scene: Scene,
    private readonly faults: readonly Fault[],
    private readonly story: Story,
  ) {}

  arm(from: number): void {
    for (const fault of this.faults)
      this.timers.push(setTimeout(() => this.begin(fault), Math.max(0, from + milliseconds(fault.at) - Date.now())));
  }

  async end(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all(this.striking);
  }

  private begin(fault: Fault): void {
    const striking = this.strike(fault).finally(() => this.striking.delete(striking));
    this.striking.add(striking);
  }

  private async strike(fault: Fault): Promise<void> {
    const now = Date.now();
    const hit = await strike(this.scene, fault).catch((error: unknown) => String(error).split('\n')[0]);
    const name = nameOf(fault);
    this.story.add(`${JSON.stringify(fault)} ${hit === true ? 'struck' : hit === false ? 'found nothing' : hit}`);
    if (hit !== true) return;
    this.struck.set(name, (this.struck.get(name) ?? 0) + 1);
    if (['azure-down', 'storage-down', 'job-unknown', 'no-capacity', 'stuck'].includes(fault.kind)) {
      const seconds = 'seconds' in fault ? fault.seconds : 4_000;
      this.troubles.push({ kind: fault.kind, from: now, until: now + milliseconds(seconds) });
    }
  }
}

/** A fault's kind and, of some, its manner: `preempt failed`. */
export function nameOf(fault: Fault): string {
  const manner = [
    ...('face' in fault ? [fault.face] : []),
    ...('mishap' in fault ? [fault.mishap] : []),
    ...('how' in fault ? [fault.how] : []),
    ...('what' in fault ? [fault.what] : []),
    ...('in' in fault ? [fault.in] : []),
    ...('act' in fault ? [fault.act] : []),
  ];
  return [fault.kind, ...manner].join(' ');
}

class Story {
  constructor(private readonly file: string) {}

  add(line: string): void {
    appendFileSync(this.file, `${new Date().toISOString()} ${line}\n`);
  }
}

/** @returns when the first job was made; null where the run ended or the time was over before */
async function firstJob({ place, run, operator }: Scene, deadline: number): Promise<number | null> {
  while (Date.now() < deadline) {
    const { jobs } = await place.emulator.state();
    const first = jobs.find(({ name }) => name.startsWith(`${run}-${PHASE}-`));
    if (first !== undefined) return Date.parse(first.createdAt);
    if ((await operator.look()) !== null) return null;
    await sleep(LOOK_MS);
  }
  return null;
}

async function waitForEnd({ inventory, operator }: Scene, deadline: number, story: Story): Promise<string | null> {
  while (Date.now() < deadline) {
    await inventory.look();
    const ended = await operator.look().catch((error: unknown) => {
      story.add(`the person was not heard: ${String(error).split('\n')[0]}`);
      return null;
    });
    if (ended !== null) return ended;
    await sleep(LOOK_MS);
  }
  return null;
}

/** When nodes that idle have left, or should have. */
async function settled({ place, cluster }: Scene): Promise<EmulatorState> {
  const deadline = Date.now() + milliseconds(LEAVING_SECONDS);
  for (;;) {
    const state = await place.emulator.state();
    const held = state.clusters
      .find(({ name }) => name === cluster)
      ?.nodes.filter(({ state: is }) => is !== 'preempted');
    if ((held?.length ?? 0) === 0 || Date.now() > deadline) return state;
    await sleep(LOOK_MS);
  }
}

function keep(folder: string, what: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(what))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(value, null, 1));
}
