/** Entities of one kind by name. Names are compared without case, as Azure Resource Manager does. */
export class Collection<T extends object> {
  private readonly revisions = new Map<string, number>();
  private changes = 0;
  private ordered: { by: unknown; entities: readonly T[] } | undefined;

  constructor(
    private readonly entries: Map<string, T>,
    private readonly changed: (key: string, value: T | undefined) => void,
  ) {}

  get(name: string): T | undefined {
    return this.entries.get(name.toLowerCase());
  }

  /** Keeps an entity, new or changed in place, and has it written. */
  put(name: string, entity: T): T {
    const key = name.toLowerCase();
    if (this.entries.get(key) !== entity) this.ordered = undefined;
    this.entries.set(key, entity);
    this.revisions.set(key, (this.changes += 1));
    this.changed(key, entity);
    return entity;
  }

  /** @returns whether there was one */
  delete(name: string): boolean {
    const key = name.toLowerCase();
    const existed = this.entries.delete(key);
    if (!existed) return false;
    this.ordered = undefined;
    this.revisions.delete(key);
    this.changed(key, undefined);
    return true;
  }

  all(): T[] {
    return [...this.entries.values()];
  }

  /** Everything with the key that it is kept under. */
  keyed(): [string, T][] {
    return [...this.entries];
  }

  /**
   * All entities in an order that is kept until one comes or goes.
   *
   * @param compare always the same function, and by what an entity never changes: sorting anew at every request is what this saves
   */
  inOrder(compare: (left: T, right: T) => number): readonly T[] {
    if (this.ordered?.by !== compare) this.ordered = { by: compare, entities: this.all().sort(compare) };
    return this.ordered.entities;
  }

  /** A number that changes whenever the entity of that name is put, goes or comes back; 0 while there has been no change. */
  revision(name: string): number {
    return this.revisions.get(name.toLowerCase()) ?? 0;
  }
}
