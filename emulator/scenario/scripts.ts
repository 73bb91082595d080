import { isDeepStrictEqual } from 'node:util';

import { secondsSince, type Clock } from '../clock.js';
import type { Series } from '../evictions/series.js';
import type { Collection } from '../store/collection.js';
import { draw, isHit } from './chance.js';
import { BLOCKS, type Block, type Document } from './language/document.js';
import type { Chance, Window } from './language/window.js';

/** A scenario that was loaded, and how far it has come. It outlives the emulator. */
export interface Script {
  id: string;
  /** Where it came from, for people. */
  source: string;
  document: Document;
  /** When it was loaded; its times count from here. */
  began: string;
  /** By key of the item: how many matched it, and how many it hit. */
  counts: Record<string, Count>;
  /** By key of the item: the recorded series that it names. */
  series: Record<string, Series>;
}

/** How often an item was met. */
export interface Count {
  seen: number;
  hit: number;
}

/** One item of a script. */
export interface Entry<T> {
  /** Its place in the script, such as `requests[0]`. */
  key: string;
  item: T;
  script: Script;
}

type Item<B extends Block> = Document[B][number];

/** Every scenario that is loaded: the one of the file, and those that came later. */
export class Scripts {
  private entries: Partial<Record<Block, Entry<unknown>[]>> = {};
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly entities: Collection<Script>,
    private readonly clock: Clock,
  ) {
    this.index();
  }

  /** Calls `listener` whenever scripts come or go. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  all(): Script[] {
    return this.entities.all();
  }

  /** Puts a script in force. One that is there already in these very words goes on where it is. */
  begin(given: Pick<Script, 'id' | 'source' | 'document'> & { series?: Record<string, Series> }): void {
    const before = this.entities.get(given.id);
    const isSame = before !== undefined && isDeepStrictEqual(before.document, plain(given.document));
    const began = isSame ? before.began : this.clock.now().toISOString();
    const counts = isSame ? before.counts : {};
    this.entities.put(given.id, { series: {}, ...given, document: plain(given.document), began, counts });
    this.changed();
  }

  /** Ends those that `which` is true of; all of them without it. @returns how many */
  end(which: (script: Script) => boolean = () => true): number {
    const ending = this.all().filter(which);
    for (const { id } of ending) this.entities.delete(id);
    if (ending.length > 0) this.changed();
    return ending.length;
  }

  /** Whether an entry still counts: its script was not ended meanwhile. */
  has({ script }: Entry<unknown>): boolean {
    return this.entities.get(script.id) === script;
  }

  /** All items of a block, in order. */
  items<B extends Block>(block: B): readonly Entry<Item<B>>[] {
    return (this.entries[block] ?? []) as Entry<Item<B>>[];
  }

  /** The items of a block whose window is open now, in order. */
  inForce<B extends Exclude<Block, 'rules'>>(block: B): Entry<Item<B>>[] {
    return this.items(block).filter((entry) => this.isOpen(entry as Entry<Window>));
  }

  /** Whether an entry still counts and its window is open now. */
  isOpen(entry: Entry<Window>): boolean {
    const { from, until } = entry.item;
    const seconds = this.elapsed(entry);
    return this.has(entry) && seconds >= from && (until === undefined || seconds < until);
  }

  /** Emulated seconds since the entry's script was loaded. */
  elapsed({ script }: Entry<unknown>): number {
    return secondsSince(this.clock, script.began);
  }

  /** How often an entry was met so far. */
  count({ script, key }: Entry<unknown>): Count {
    return script.counts[key] ?? { seen: 0, hit: 0 };
  }

  /** Counts one that matches an entry. @returns whether it is hit */
  meets(entry: Entry<Chance>): boolean {
    const { seen, hit } = this.count(entry);
    const isOne = isHit(entry.item, seen + 1, hit, this.draw(entry, seen + 1));
    this.setCount(entry, { seen: seen + 1, hit: hit + (isOne ? 1 : 0) });
    return isOne;
  }

  setCount({ script, key }: Entry<unknown>, count: Count): void {
    script.counts[key] = count;
    this.entities.put(script.id, script);
  }

  /** A number from 0 to 1 drawn for an entry; the same labels draw the same number. */
  draw({ script, key }: Entry<unknown>, ...labels: (string | number)[]): number {
    return draw(script.document.seed, key, ...labels);
  }

  private changed(): void {
    this.index();
    for (const listener of this.listeners) listener();
  }

  private index(): void {
    const entriesOf = (block: Block): Entry<unknown>[] =>
      this.all().flatMap((script) =>
        script.document[block].map((item, index) => ({ key: `${block}[${index}]`, item, script })),
      );
    this.entries = Object.fromEntries(BLOCKS.map((block) => [block, entriesOf(block)]));
  }
}

// What was not given is absent on disk, and must be here too for two documents to be found the same.
function plain(document: Document): Document {
  return JSON.parse(JSON.stringify(document)) as Document;
}
