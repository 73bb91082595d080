import type { Machine } from './machine.js';
import type { List } from './values.js';

/** No token with what belongs to it is longer: opcode, length, 255 bytes, opcode, index. */
const margin = 300;

/**
 * The tokens behind a mark that will be added to `list`: the loop in which nearly all of a file is read, so it goes round the
 * stack. What is no token, or the end of the file, leaves the rest to the opcodes one by one.
 */
export function readTokens(machine: Machine, list: List): void {
  const count = run(machine);
  const { window, arena } = machine;
  const isWhole = window.fill(1) > 0 && window.bytes[window.at] === appends && list.others + list.samples === 0;
  if (isWhole && arena.adopt(list, count)) {
    window.at++;
    return;
  }
  machine.mark();
  for (let index = 0; index < count; index++) machine.push(arena.tokens[arena.end + index] as number);
}

const appends = 0x65;

/** Writes tokens into the arena, behind its end. @returns how many */
function run({ window, arena, memo, words }: Machine): number {
  const { tokens, end: first } = arena;
  const { bytes } = window;
  const room = Math.min(arena.room, 1 << 16);
  let count = 0;
  let at = window.at;
  let safe = window.end - margin;
  while (count < room) {
    if (at > safe) {
      window.at = at;
      if (window.fill(margin) < margin) return count;
      at = window.at;
      safe = window.end - margin;
    }
    switch (bytes[at]) {
      case 0x6a: // LONG_BINGET
      case 0x68: {
        // BINGET
        const isLong = bytes[at] === 0x6a;
        const id = memo.token(isLong ? word(bytes, at + 1) : (bytes[at + 1] as number));
        if (id === -1) return leave(count);
        tokens[first + count++] = id;
        at += isLong ? 5 : 2;
        break;
      }
      case 0x58: // BINUNICODE
      case 0x8c: {
        // SHORT_BINUNICODE
        const isLong = bytes[at] === 0x58;
        const length = isLong ? word(bytes, at + 1) : (bytes[at + 1] as number);
        const from = at + (isLong ? 5 : 2);
        const id = length > 255 ? -1 : words.idOf(bytes, from, from + length);
        if (id === -1) return leave(count);
        tokens[first + count++] = id;
        at = from + length;
        break;
      }
      case 0x72: // LONG_BINPUT
      case 0x71: // BINPUT
      case 0x94: {
        // MEMOIZE
        const opcode = bytes[at];
        const index = opcode === 0x72 ? word(bytes, at + 1) : opcode === 0x71 ? (bytes[at + 1] as number) : memo.count;
        if (count === 0 || !memo.setToken(index, tokens[first + count - 1] as number)) return leave(count);
        at += opcode === 0x72 ? 5 : opcode === 0x71 ? 2 : 1;
        break;
      }
      default:
        return leave(count);
    }
  }
  return leave(count);

  function leave(read: number): number {
    window.at = at;
    return read;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}
