import type { Course } from './course.js';
import type { Origin } from './origin.js';
import type { StoredCheckpoint } from './storage.js';

const WRITE_MS = 5_000;

/** The checkpoints of a start of the trainer: written below its own folder, files first and the manifest last. */
export class Saving {
  /** Step of the newest whole checkpoint, the one it began with included. */
  step: number;
  /** When the newest one was whole; 0 where it saved none. */
  at = 0;
  /** When the one that is being written will be whole. */
  wholeAt = Infinity;
  /** Step of the newest checkpoint that no spoilt step is in; null where it began with none. */
  trusted: number | null;
  savesNothing = false;
  private parent: StoredCheckpoint['parent'];
  private writing: StoredCheckpoint | null = null;

  constructor(
    private readonly origin: Origin,
    private readonly course: Course,
  ) {
    const { resume } = origin;
    this.step = course.step0;
    this.trusted = resume?.step ?? null;
    this.parent = resume === null ? null : placeOf(resume);
  }

  get isWriting(): boolean {
    return this.wholeAt < Infinity;
  }

  /** @returns whether there was anything to save */
  begin(now: number, step: number): boolean {
    if (step <= this.step || this.savesNothing) return false;
    const { attempt, incarnation, storage } = this.origin;
    const { parent, course } = this;
    const one = { attempt, incarnation, step, position: course.position(step), parent };
    this.writing = storage.begin({ ...one, tainted: step >= course.poisonStep });
    this.wholeAt = now + WRITE_MS;
    return true;
  }

  complete(now: number): void {
    this.wholeAt = Infinity;
    const { writing } = this;
    if (writing === null) return;
    this.origin.storage.complete(writing, now);
    this.writing = null;
    this.step = writing.step;
    this.at = now;
    if (!writing.tainted) this.trusted = writing.step;
    this.parent = placeOf(writing);
  }

  /** What is being written stays without a manifest. */
  abandon(): void {
    this.writing = null;
  }
}

const placeOf = ({ attempt, incarnation, step }: StoredCheckpoint) => ({ attempt, incarnation, step });
