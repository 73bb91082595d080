const revisions = new WeakMap<object, number>();
// One count for all: an entity that takes another's place must not come by that one's number.
let changes = 0;

/** A number that is another after every put of an entity; undefined for what no collection holds, such as a copy of an entity. */
export function revisionOf(entity: object): number | undefined {
  return revisions.get(entity);
}

/** Entities of one kind by name. Names are compared without case, as Azure Resource Manager does. */
export class Collection<T extends object> {
  constructor(
    private readonly entries: Map<string, T>,
    private readonly changed: (key: string, value: T | undefined) => void,
  ) {
    for (const entity of entries.values()) revisions.set(entity, 0);
  }

  get(name: string): T | undefined {
    return this.entries.get(name.toLowerCase());
  }

  /** Keeps an entity, new or changed in place, and has it written. */
  put(name: string, entity: T): T {
    const key = name.toLowerCase();
    this.entries.set(key, entity);
    revisions.set(entity, (changes += 1));
    this.changed(key, entity);
    return entity;
  }

  /** @returns whether there was one */
  delete(name: string): boolean {
    const key = name.toLowerCase();
    const existed = this.entries.delete(key);
    if (existed) this.changed(key, undefined);
    return existed;
  }

  all(): T[] {
    return [...this.entries.values()];
  }

  /** Everything with the key that it is kept under. */
  keyed(): [string, T][] {
    return [...this.entries];
  }
}
