import type { LadderRequest } from '../../../activities/checkpoints.js';
import type { SubmitRequest } from '../../../activities/jobs.js';
import type { RunConfig } from '../../../domain/config.js';
import { type JournalEntry, readEntries } from '../../../domain/journal.js';
import { jobName } from '../../../domain/names.js';
import { checkpointAt, pastFrom } from '../../../domain/past.js';
import { runFolder } from '../../../domain/paths.js';
import { type Decision, decide } from '../../../domain/recovery.js';
import { type PhaseState, newPhase } from '../../../domain/attempts.js';
import type { Invariants } from '../invariants/invariants.js';
import type { World } from '../world/world.js';

/** Tells the invariants what the workflow does, as it shows in its calls and in its journal. */
export class Observer {
  /** Jobs that were asked for: a submission that is repeated is the same one. */
  private readonly asked = new Set<string>();
  private climbed: { below: number | null; at: number } | null = null;

  constructor(
    private readonly world: World,
    private readonly config: RunConfig,
    private readonly invariants: Invariants,
  ) {}

  submitting({ place, phase, attempt, resumeFrom, cluster }: SubmitRequest): void {
    const name = jobName(place.run, phase, attempt);
    if (this.asked.has(name)) return;
    this.asked.add(name);
    const resumedFrom = resumeFrom === null ? null : checkpointAt(this.ofWorld(resumeFrom), phase, []);
    const { now } = this.world;
    this.invariants.submitting({
      attempt,
      jobName: name,
      submittedAt: now,
      resumedFrom,
      cluster: cluster.name,
      ending: null,
    });
  }

  climbing({ below }: LadderRequest): void {
    this.climbed = { below, at: this.world.now };
  }

  /** Lines of the journal, once they are written. */
  journaled(lines: readonly string[]): void {
    for (const entry of readEntries(this.ofWorld(lines.join('\n')))) this.entry(entry);
  }

  async retaining<T>(work: () => Promise<T>): Promise<T> {
    const phase = this.phase();
    this.invariants.retaining(phase);
    const result = await work();
    this.invariants.retained(phase);
    return result;
  }

  /** The decision after the last attempt that was settled; null before one was. */
  lastDecision(): Decision | null {
    let decision: Decision | null = null;
    for (const record of this.world.storage.records())
      decision = decide(this.config, decision?.phase ?? newPhase('p1'), record, record.head ?? null);
    return decision;
  }

  private entry(entry: JournalEntry): void {
    const known = this.world.storage.records().length;
    this.world.storage.append([entry]);
    if (entry.type === 'attempt') {
      const isNew = this.world.storage.records().length > known;
      if (isNew) this.settled(entry.record);
      return;
    }
    const { event } = entry;
    if (event.kind !== 'limit-passed') return;
    this.invariants.ended({ for: 'limit', limit: event.limit, seconds: event.seconds }, event.jobName);
  }

  private settled(record: Extract<JournalEntry, { type: 'attempt' }>['record']): void {
    const { below, at } = this.climbed ?? { below: null, at: this.world.now };
    this.invariants.settled(record, { below, climbedAt: at, phase: this.phase(), warned: false });
  }

  /** The phase as a workflow that took the run up now would find it. */
  private phase(): PhaseState {
    const { chains } = this.world.storage;
    return pastFrom(this.config, this.world.storage.entries(), chains).phases['p1'] ?? newPhase('p1');
  }

  private ofWorld(text: string): string {
    return text.replaceAll(`${runFolder(this.config.name)}/`, 'runs/sim/');
  }
}
