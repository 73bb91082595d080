import type { Machine } from './machine.js';
import type { Handlers } from './opcodes.js';
import { readTokens } from './tokens.js';
import { Dict, Instance, kindOf, List, Text, Tuple, type Value } from './values.js';

/** An object of the old recipe has eight attributes at most. */
const mostFields = 64;

/** Lists, dictionaries and tuples. */
export const containers: Handlers = {
  /** MARK: what is added to a list follows, and tokens are most of a file. */
  0x28(machine) {
    const list = machine.top();
    if (list instanceof List) readTokens(machine, list);
    else machine.mark();
  },
  /** EMPTY_LIST */
  0x5d: (machine) => machine.push(new List()),
  /** LIST, of protocol 0 */
  0x6c(machine) {
    const items = machine.popMark();
    const list = new List();
    machine.push(list);
    extend(machine, list, items);
  },
  /** APPEND */
  0x61(machine) {
    const item = machine.pop();
    extend(machine, listBelow(machine), [item]);
  },
  /** APPENDS */
  0x65(machine) {
    const items = machine.popMark();
    extend(machine, listBelow(machine), items);
  },
  /** EMPTY_TUPLE */
  0x29: (machine) => machine.push(new Tuple([])),
  /** TUPLE */
  0x74: (machine) => tuple(machine, machine.popMark()),
  /** TUPLE1 */
  0x85: (machine) => tuple(machine, [machine.pop()]),
  /** TUPLE2 */
  0x86(machine) {
    const last = machine.pop();
    tuple(machine, [machine.pop(), last]);
  },
  /** TUPLE3 */
  0x87(machine) {
    const [last, middle] = [machine.pop(), machine.pop()];
    tuple(machine, [machine.pop(), middle, last]);
  },
  /** EMPTY_DICT */
  0x7d: (machine) => machine.push(new Dict()),
  /** DICT, of protocol 0 */
  0x64(machine) {
    const items = machine.popMark();
    const dict = new Dict();
    machine.push(dict);
    assign(machine, dict, items);
  },
  /** SETITEM */
  0x73(machine) {
    const value = machine.pop();
    const key = machine.pop();
    assign(machine, dictBelow(machine), [key, value]);
  },
  /** SETITEMS */
  0x75(machine) {
    const items = machine.popMark();
    assign(machine, dictBelow(machine), items);
  },
};

function listBelow(machine: Machine): List {
  const list = machine.top();
  return list instanceof List ? list : machine.refuse(`appends to ${nameOf(list)}`);
}

function dictBelow(machine: Machine): Dict {
  const dict = machine.top();
  return dict instanceof Dict ? dict : machine.refuse(`sets an item of ${nameOf(dict)}`);
}

const nameOf = (value: Value | undefined): string => (value === undefined ? 'nothing' : kindOf(value));

function extend(machine: Machine, list: List, items: readonly Value[]): void {
  const { arena } = machine;
  for (const item of items) {
    if (typeof item === 'number') {
      arena.tokens[arena.end] = item;
      if (arena.room === 0 || !arena.adopt(list, 1)) machine.refuse('holds a million tokens in no sample');
    } else if (item instanceof Instance && item.of.role === 'sample') {
      if (list.samples === 0) list.firstSample = item.number;
      if (item.number !== list.firstSample + list.samples)
        machine.refuse('lists samples in another order than it has them');
      list.samples++;
    } else {
      list.others++;
      if (item instanceof Text) list.unknown ??= item;
    }
  }
}

/** Only what is flat is kept in a tuple or dictionary: pickle itself needs no more. */
function tuple(machine: Machine, items: readonly Value[]): void {
  if (items.length > mostFields) machine.refuse(`has a tuple of ${items.length} values`);
  const nested = items.find((item) => item instanceof Tuple || item instanceof Dict);
  if (nested !== undefined) machine.refuse(`has ${kindOf(nested)} in a tuple`);
  machine.push(new Tuple(items));
}

function assign(machine: Machine, { fields }: Dict, items: readonly Value[]): void {
  if (items.length % 2 === 1) machine.refuse('sets an item that has a key and no value');
  for (let at = 0; at < items.length; at += 2) {
    const [key, value] = [items[at] as Value, items[at + 1] as Value];
    if (value instanceof Dict || value instanceof Tuple) machine.refuse(`has ${kindOf(value)} in a dictionary`);
    fields.set(machine.read(key, 'the key of a dictionary'), value);
  }
  if (fields.size > mostFields) machine.refuse(`has a dictionary of ${fields.size} values`);
}
