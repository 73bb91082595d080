/** Token ids in one flat array that grows by doubling. */
export class TokenBuffer {
  #ids = new Uint16Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(ids: readonly number[]): void {
    const end = this.#length + ids.length;
    if (end > this.#ids.length) this.#grow(end);
    for (let index = 0; index < ids.length; index++) this.#ids[this.#length + index] = ids[index] as number;
    this.#length = end;
  }

  /** A copy of what was appended. */
  toArray(): Uint16Array {
    return this.#ids.slice(0, this.#length);
  }

  #grow(needed: number): void {
    const larger = new Uint16Array(Math.max(needed, this.#ids.length * 2));
    larger.set(this.#ids);
    this.#ids = larger;
  }
}
