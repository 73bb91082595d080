import { containers } from './containers.js';
import type { Machine } from './machine.js';
import { memory } from './memory.js';
import { numbers } from './numbers.js';
import { objects } from './objects.js';
import { refused } from './refused.js';
import { strings } from './strings.js';

/** What an opcode does, its arguments not yet read. */
export type Handler = (machine: Machine) => void;
export type Handlers = Readonly<Record<number, Handler>>;

/** What is done at each opcode of Python's pickletools, protocols 0 to 5; null where there is no such opcode. */
export const handlers: readonly (Handler | null)[] = Array.from(
  { length: 256 },
  (_, opcode) => ({ ...numbers, ...strings, ...memory, ...containers, ...objects, ...refused })[opcode] ?? null,
);
