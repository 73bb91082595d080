import { classNamed } from './classes.js';
import type { Handler, Handlers } from './opcodes.js';

const no =
  (name: string, what: string): Handler =>
  (machine) =>
    machine.refuse(`has the opcode ${name} (${what}), which no such file has`);

/** Opcodes that pickles of plain objects lack: some call code, the others only widen what would have to be understood. */
export const refused: Handlers = {
  0x30: no('POP', 'drop a value'),
  0x31: no('POP_MARK', 'drop values'),
  0x32: no('DUP', 'repeat a value'),
  0x50: no('PERSID', 'ask the program for an object by a persistent id'),
  0x51: no('BINPERSID', 'ask the program for an object by a persistent id'),
  0x53: no('STRING', 'a string of Python 2'),
  0x54: no('BINSTRING', 'a string of Python 2'),
  0x55: no('SHORT_BINSTRING', 'a string of Python 2'),
  0x42: no('BINBYTES', 'bytes'),
  0x43: no('SHORT_BINBYTES', 'bytes'),
  0x8e: no('BINBYTES8', 'bytes'),
  0x96: no('BYTEARRAY8', 'bytes'),
  0x97: no('NEXT_BUFFER', 'bytes from elsewhere'),
  0x98: no('READONLY_BUFFER', 'bytes from elsewhere'),
  0x82: no('EXT1', 'an object by a registered extension code'),
  0x83: no('EXT2', 'an object by a registered extension code'),
  0x84: no('EXT4', 'an object by a registered extension code'),
  0x8f: no('EMPTY_SET', 'a set'),
  0x90: no('ADDITEMS', 'a set'),
  0x91: no('FROZENSET', 'a set'),
  0x92: no('NEWOBJ_EX', 'make an object with named arguments'),
  0x6f: no('OBJ', 'call a class'),
  /** INST: names what it calls. */
  0x69(machine) {
    const [module, name] = [machine.window.line(), machine.window.line()];
    classNamed(machine, module, name);
    no('INST', `call ${module}.${name}`)(machine);
  },
};
