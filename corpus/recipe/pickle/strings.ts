import type { Machine } from './machine.js';
import type { Handlers } from './opcodes.js';
import { longestArgument } from './window.js';

/** Strings: those that are tokens become ids at once. */
export const strings: Handlers = {
  /** UNICODE, of protocol 0: a line in the encoding that Python calls raw-unicode-escape. */
  0x56(machine) {
    const escaped = machine.window.line('latin1');
    const text = escaped.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short?: string, long?: string) =>
      characterOf(machine, parseInt(short ?? long ?? '', 16)),
    );
    const bytes = Buffer.from(text);
    machine.push(machine.textOf(bytes, 0, bytes.length));
  },
  /** BINUNICODE */
  0x58: (machine) => text(machine, machine.window.bytes.readUInt32LE(machine.window.take(4))),
  /** SHORT_BINUNICODE */
  0x8c: (machine) => text(machine, machine.window.bytes.readUInt8(machine.window.take(1))),
  /** BINUNICODE8 */
  0x8d: (machine) => text(machine, Number(machine.window.bytes.readBigUInt64LE(machine.window.take(8)))),
};

function text(machine: Machine, length: number): void {
  if (length > longestArgument) machine.refuse(`has a string of ${length} bytes, which is no token`);
  const from = machine.window.take(length);
  machine.push(machine.textOf(machine.window.bytes, from, from + length));
}

function characterOf(machine: Machine, code: number): string {
  return code > 0x10ffff ? machine.refuse(`has a character ${code}, which there is not`) : String.fromCodePoint(code);
}
