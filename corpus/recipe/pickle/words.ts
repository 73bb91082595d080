import type { Vocabulary } from '../../vocabulary/vocabulary.js';

/** A vocabulary looked up by the bytes of a piece, so that the tokens of a file never become strings. */
export class Words {
  private readonly slots: Int32Array;
  private readonly text: Buffer;
  private readonly starts: Uint32Array;

  constructor(readonly vocabulary: Vocabulary) {
    const pieces = vocabulary.pieces.map((piece) => Buffer.from(piece));
    this.text = Buffer.concat(pieces);
    this.starts = new Uint32Array(pieces.length + 1);
    pieces.forEach((piece, id) => (this.starts[id + 1] = (this.starts[id] as number) + piece.length));
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(4 * pieces.length))).fill(-1);
    // Only the ids that the vocabulary gives: of two equal lines one.
    for (const id of vocabulary.ids.values()) {
      this.slots[this.slotOf(this.text, this.starts[id] as number, this.starts[id + 1] as number)] = id;
    }
  }

  /** The id of the piece `bytes[from .. to]`; -1 where the vocabulary lacks it. */
  idOf(bytes: Uint8Array, from: number, to: number): number {
    return this.slots[this.slotOf(bytes, from, to)] as number;
  }

  /** The slot of a piece, or the empty one where it would stand. */
  private slotOf(bytes: Uint8Array, from: number, to: number): number {
    const mask = this.slots.length - 1;
    let hash = to - from;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (!this.fits(this.slots[slot] as number, bytes, from, to)) slot = (slot + 1) & mask;
    return slot;
  }

  private fits(id: number, bytes: Uint8Array, from: number, to: number): boolean {
    if (id === -1) return true;
    const start = this.starts[id] as number;
    if ((this.starts[id + 1] as number) - start !== to - from) return false;
    for (let at = from; at < to; at++) if (bytes[at] !== this.text[start + at - from]) return false;
    return true;
  }
}
