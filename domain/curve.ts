/**
 * The curve of a phase is kept as sections: one event file per stretch of the lineage between two checkpoints. Steps behind the newest checkpoint
 * are left out until a checkpoint makes them count, so nothing shown is ever undone by a preemption.
 */
export interface Section {
  readonly attempt: string;
  readonly incarnation: string;
  /** Steps (after, upTo]. */
  readonly after: number;
  readonly upTo: number;
}

/** File name of a section. TensorBoard reads the files of a folder in name order, so the steps come first, zero-padded. */
export function sectionFile(section: Section): string {
  const digits = (step: number) => String(step).padStart(9, '0');
  return `events.out.tfevents.${digits(section.after)}.${digits(section.upTo)}.${section.attempt}.${section.incarnation}`;
}

export function parseSectionFile(name: string): Section | null {
  const match = /events\.out\.tfevents\.(\d{9})\.(\d{9})\.(a\d+)\.([^/]+)$/.exec(name);
  if (match === null) return null;
  return { after: Number(match[1]), upTo: Number(match[2]), attempt: match[3] ?? '', incarnation: match[4] ?? '' };
}

/**
 * What must change in a published curve so that it shows exactly the lineage that ends at `head`.
 * @param chain sections from `head` back to the first one that is published already, or to step 0; newest first
 */
export function curveChanges(
  published: readonly Section[],
  chain: readonly Section[],
): { write: Section[]; remove: Section[] } {
  const same = (a: Section) => (b: Section) => sectionFile(a) === sectionFile(b);
  const joint = chain.at(-1)?.after ?? 0;
  const write = chain.filter((section) => !published.some(same(section)));
  const remove = published.filter((section) => section.upTo > joint && !chain.some(same(section)));
  return { write, remove };
}
