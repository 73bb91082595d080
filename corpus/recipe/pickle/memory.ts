import type { Machine } from './machine.js';
import type { Handlers } from './opcodes.js';

/** What a pickle remembers and comes back to, and how it is framed. */
export const memory: Handlers = {
  /** PUT */
  0x70: (machine) => machine.memorise(indexOf(machine)),
  /** BINPUT */
  0x71: (machine) => machine.memorise(machine.window.bytes.readUInt8(machine.window.take(1))),
  /** LONG_BINPUT */
  0x72: (machine) => machine.memorise(machine.window.bytes.readUInt32LE(machine.window.take(4))),
  /** MEMOIZE */
  0x94: (machine) => machine.memorise(machine.memo.count),
  /** GET */
  0x67: (machine) => machine.recall(indexOf(machine)),
  /** BINGET */
  0x68: (machine) => machine.recall(machine.window.bytes.readUInt8(machine.window.take(1))),
  /** LONG_BINGET */
  0x6a: (machine) => machine.recall(machine.window.bytes.readUInt32LE(machine.window.take(4))),
  /** PROTO */
  0x80(machine) {
    const protocol = machine.window.bytes.readUInt8(machine.window.take(1));
    if (protocol > 5) machine.refuse(`is of pickle protocol ${protocol}, and 5 is the newest that is known`);
  },
  /** FRAME: how far Python may read ahead, which is of no use here. */
  0x95(machine) {
    const { window } = machine;
    const length = Number(window.bytes.readBigUInt64LE(window.take(8)));
    if (length > window.size - window.offset) machine.refuse(`has a frame of ${length} bytes, more than the file has`);
  },
  /** STOP */
  0x2e(machine) {
    machine.result = machine.pop();
    if (machine.top() !== undefined) machine.refuse('ends with more than one value');
  },
};

function indexOf(machine: Machine): number {
  const line = machine.window.line();
  const index = /^\d{1,10}$/.test(line) ? Number(line) : NaN;
  return index <= 0xffffffff ? index : machine.refuse(`has ${JSON.stringify(line.slice(0, 40))} for a number`);
}
