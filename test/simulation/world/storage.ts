import type { AttemptRecord } from '../../../domain/attempts.js';
import { type JournalEntry, readEntries } from '../../../domain/journal.js';
import { checkpointFolder } from '../../../domain/paths.js';
import { type ListedCheckpoint, MANIFEST } from '../../../domain/resume/listing.js';
import type { Damage } from '../schedule.js';

interface StoredFile {
  readonly name: string;
  bytes: number;
  etag: string;
  /** Whether its bytes are those that were written. */
  sound: boolean;
}

export interface StoredCheckpoint {
  readonly path: string;
  readonly attempt: string;
  readonly incarnation: string;
  readonly step: number;
  readonly position: number;
  readonly parent: { readonly attempt: string; readonly incarnation: string; readonly step: number } | null;
  /** Virtual time at which its manifest was there; Infinity before. */
  wholeAt: number;
  files: StoredFile[];
  /** Trained on samples that spoil it. */
  readonly tainted: boolean;
  /** Its bytes rotted without a trace: only who reads them finds out. */
  rotten: boolean;
  /** When it was damaged so that a listing or a hash tells; Infinity where it was not. */
  damagedAt: number;
}

/** A path is written by one start of one job, once: two of them on one path would be two writers. */
export class TwoWriters extends Error {}

const BYTES = 100;
const PAYLOAD = ['model.safetensors', 'optimizer.safetensors'];

/** Blob storage of one run: checkpoints as files with ETags, and the journal. What was damaged it knows, the supervisor does not. */
export class Storage {
  readonly checkpoints: StoredCheckpoint[] = [];
  /** Chains that claimed the run, oldest first, as run.json lists them. */
  readonly chains: string[] = [];
  /** journal.jsonl, line by line. */
  private readonly journal: string[] = [];
  /** Called with the checkpoint that was damaged. */
  onDamage: (checkpoint: StoredCheckpoint) => void = () => undefined;
  downUntil = 0;
  /** Checkpoints that anybody began to write. */
  begun = 0;
  private writes = 0;
  private listed: ListedCheckpoint[] | null = null;

  append(entries: readonly JournalEntry[]): void {
    for (const entry of entries) this.journal.push(JSON.stringify(entry));
  }

  entries(): JournalEntry[] {
    return readEntries(this.journal.join('\n'));
  }

  records(): AttemptRecord[] {
    return this.entries().flatMap((entry) => (entry.type === 'attempt' ? [entry.record] : []));
  }

  begin(one: Omit<StoredCheckpoint, 'path' | 'files' | 'wholeAt' | 'rotten' | 'damagedAt'>): StoredCheckpoint {
    const path = `runs/sim/p1/attempts/${one.attempt}/${one.incarnation}/${checkpointFolder(one.step)}`;
    if (this.checkpoints.some((other) => other.path === path)) throw new TwoWriters(`two writers at ${path}`);
    this.begun++;
    const files = PAYLOAD.map((name) => this.file(name));
    const stored = { ...one, path, files, wholeAt: Infinity, rotten: false, damagedAt: Infinity };
    this.checkpoints.push(stored);
    this.listed = null;
    return stored;
  }

  complete(checkpoint: StoredCheckpoint, now: number): void {
    checkpoint.files.push(this.file(MANIFEST));
    checkpoint.wholeAt = now;
    this.listed = null;
  }

  /** Damages the whole checkpoint of a rung, 0 for the newest. @returns whether there was one */
  damage(what: Damage, rung: number, now: number): boolean {
    const whole = this.checkpoints.filter(({ wholeAt }) => wholeAt < Infinity).sort((a, b) => b.step - a.step);
    const target = whole[rung];
    if (target === undefined) return false;
    const file = target.files[0];
    this.onDamage(target);
    if (what !== 'rotten') target.damagedAt = Math.min(target.damagedAt, now);
    if (what === 'manifest-lost') target.files = target.files.filter(({ name }) => name !== MANIFEST);
    else if (what === 'file-lost') target.files = target.files.slice(1);
    else if (file !== undefined) {
      file.sound = false;
      if (what === 'truncated') file.bytes = 0;
      if (what === 'rotten') target.rotten = true;
      else file.etag = `e${++this.writes}`;
    }
    this.listed = null;
    return true;
  }

  remove(path: string): void {
    const index = this.checkpoints.findIndex((one) => one.path === path);
    if (index >= 0) this.checkpoints.splice(index, 1);
    this.listed = null;
  }

  at(path: string): StoredCheckpoint | undefined {
    return this.checkpoints.find((one) => one.path === path);
  }

  /** As a listing shows it; the same array while nothing was written. */
  listing(): readonly ListedCheckpoint[] {
    this.listed ??= this.checkpoints.map(({ path, attempt, incarnation, step, files }) => ({
      ...{ path, attempt, incarnation, step },
      files: files.map(({ name, bytes, etag }) => ({ name, bytes, etag })),
    }));
    return this.listed;
  }

  private file(name: string): StoredFile {
    return { name, bytes: BYTES, etag: `e${++this.writes}`, sound: true };
  }
}

/** Whether a trainer could continue from it: whole, and every byte as it was written. */
export function isSound({ files, wholeAt }: StoredCheckpoint): boolean {
  return (
    wholeAt < Infinity &&
    files.length === PAYLOAD.length + 1 &&
    files.every(({ sound, bytes }) => sound && bytes === BYTES)
  );
}

/** What a reader of manifest.json gets. */
export function manifestOf(checkpoint: StoredCheckpoint): unknown {
  const { attempt, incarnation, step, position, parent } = checkpoint;
  return {
    ...{
      format: 'bertha-checkpoint/1',
      run: 'sim',
      phase: 'p1',
      attempt,
      incarnation,
      step,
      totalSteps: 1_000_000,
      parent,
    },
    ...{ samples: position, tokens: position, worldSize: 2, cursor: { position }, configSha256: 'c', dataSha256: 'd' },
    ...{ sampleHash: `${step}`, at: '2026-11-23T01:00:00.000Z' },
    files: PAYLOAD.map((name) => ({ name, bytes: BYTES, sha256: 'sound' })),
  };
}

/** What hashing its files gives. */
export function hashesOf({ files }: StoredCheckpoint): Record<string, string> {
  return Object.fromEntries(files.map(({ name, sound }) => [name, sound ? 'sound' : 'broken']));
}
