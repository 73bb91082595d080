import type { Machine } from './machine.js';
import type { Handlers } from './opcodes.js';
import { Plain } from './values.js';

/** Numbers, truth values and None. */
export const numbers: Handlers = {
  /** INT, of protocol 0, which writes truth values so too. */
  0x49(machine) {
    const line = machine.window.line();
    if (line === '00' || line === '01') return machine.push(new Plain(line === '01'));
    decimal(machine, line);
  },
  /** LONG */
  0x4c: (machine) => decimal(machine, machine.window.line().replace(/L$/, '')),
  /** FLOAT */
  0x46: (machine) => decimal(machine, machine.window.line()),
  /** BININT */
  0x4a(machine) {
    const from = machine.window.take(4);
    machine.push(new Plain(machine.window.bytes.readInt32LE(from)));
  },
  /** BININT1 */
  0x4b(machine) {
    const from = machine.window.take(1);
    machine.push(new Plain(machine.window.bytes.readUInt8(from)));
  },
  /** BININT2 */
  0x4d(machine) {
    const from = machine.window.take(2);
    machine.push(new Plain(machine.window.bytes.readUInt16LE(from)));
  },
  /** BINFLOAT */
  0x47(machine) {
    const from = machine.window.take(8);
    machine.push(new Plain(machine.window.bytes.readDoubleBE(from)));
  },
  /** LONG1 */
  0x8a: (machine) => long(machine, machine.window.bytes.readUInt8(machine.window.take(1))),
  /** LONG4 */
  0x8b: (machine) => long(machine, machine.window.bytes.readInt32LE(machine.window.take(4))),
  /** NONE */
  0x4e: (machine) => machine.push(new Plain(null)),
  /** NEWTRUE */
  0x88: (machine) => machine.push(new Plain(true)),
  /** NEWFALSE */
  0x89: (machine) => machine.push(new Plain(false)),
};

function decimal(machine: Machine, text: string): void {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isNaN(value)) machine.refuse(`has ${JSON.stringify(text.slice(0, 40))} for a number`);
  machine.push(new Plain(value));
}

/** A whole number of `length` bytes, two's complement. */
function long(machine: Machine, length: number): void {
  if (length < 0 || length > 6) machine.refuse(`has a number of ${length} bytes`);
  const from = machine.window.take(length);
  machine.push(new Plain(length === 0 ? 0 : machine.window.bytes.readIntLE(from, length)));
}
