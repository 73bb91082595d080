import type { Machine } from './machine.js';
import type { List } from './values.js';

/** No token with what belongs to it is longer: opcode, length, 255 bytes, opcode, index. */
const margin = 300;
const longestToken = 255;
const mostAtOnce = 1 << 16;

/**
 * The tokens behind a mark that will be added to `list`: the loops in which nearly all of a file is read, so they go round
 * the stack. What is no token, or the end of the file, leaves the rest to the opcodes one by one.
 */
export function readTokens(machine: Machine, list: List): void {
  const { window, arena } = machine;
  const most = Math.min(arena.room, mostAtOnce);
  let count = 0;
  while (window.fill(margin) >= margin) {
    const before = window.at;
    count += readRecalled(machine, arena.end + count, most - count);
    count += readSpelled(machine, arena.end + count, most - count);
    if (window.at === before) break;
  }
  const isWhole = window.fill(1) > 0 && window.bytes[window.at] === appends && list.others + list.samples === 0;
  if (isWhole && arena.adopt(list, count)) {
    window.at++;
    return;
  }
  machine.mark();
  for (let index = 0; index < count; index++) machine.push(arena.tokens[arena.end + index] as number);
}

const appends = 0x65;
const binget = 0x68;
const longBinget = 0x6a;
const binunicode = 0x58;
const shortBinunicode = 0x8c;
const binput = 0x71;
const longBinput = 0x72;
const memoize = 0x94;

/** Tokens that the pickle comes back to. @returns how many were written into the arena, from `to` on */
function readRecalled({ window, arena: { tokens }, memo }: Machine, to: number, most: number): number {
  const { bytes } = window;
  const safe = window.end - margin;
  let { at } = window;
  let count = 0;
  while (at <= safe && count < most) {
    const opcode = bytes[at];
    if (opcode !== longBinget && opcode !== binget) break;
    const isLong = opcode === longBinget;
    const id = memo.token(isLong ? word(bytes, at + 1) : (bytes[at + 1] as number));
    if (id === -1) break;
    tokens[to + count++] = id;
    at += isLong ? 5 : 2;
  }
  window.at = at;
  return count;
}

/** Tokens that are spelled out, each of them remembered or not. @returns how many were written into the arena, from `to` on */
function readSpelled({ window, arena: { tokens }, memo, words }: Machine, to: number, most: number): number {
  const { bytes } = window;
  const safe = window.end - margin;
  let { at } = window;
  let count = 0;
  while (at <= safe && count < most) {
    const opcode = bytes[at];
    if (opcode !== binunicode && opcode !== shortBinunicode) break;
    const length = opcode === binunicode ? word(bytes, at + 1) : (bytes[at + 1] as number);
    const from = at + (opcode === binunicode ? 5 : 2);
    const id = length > longestToken ? -1 : words.idOf(bytes, from, from + length);
    if (id === -1) break;
    const next = from + length;
    const after = bytes[next];
    const index =
      after === longBinput ? word(bytes, next + 1) : after === binput ? (bytes[next + 1] as number) : memo.count;
    const isRemembered = after === longBinput || after === binput || after === memoize;
    // An index out of order is refused by the opcode itself.
    if (isRemembered && !memo.setToken(index, id)) break;
    tokens[to + count++] = id;
    at = next + (after === longBinput ? 5 : after === binput ? 2 : after === memoize ? 1 : 0);
  }
  window.at = at;
  return count;
}

function word(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  const high = (bytes[at + 2] as number) | ((bytes[at + 3] as number) << 8);
  return (low | (high << 16)) >>> 0;
}
