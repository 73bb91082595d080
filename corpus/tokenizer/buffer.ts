/** Token ids in one flat array that grows by doubling. */
export class TokenBuffer {
  #ids = new Uint16Array(1024);
  length = 0;

  /** The array to write into from `length` on, with room for `count` more ids; whoever writes sets `length`. */
  room(count: number): Uint16Array {
    const needed = this.length + count;
    if (needed > this.#ids.length) {
      const larger = new Uint16Array(Math.max(needed, this.#ids.length * 2));
      larger.set(this.#ids);
      this.#ids = larger;
    }
    return this.#ids;
  }

  /** A copy of what was appended. */
  toArray(): Uint16Array {
    return this.#ids.slice(0, this.length);
  }
}
