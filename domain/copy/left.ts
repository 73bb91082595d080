import type { Block } from './blocks.js';

/** A block that the service holds for a blob and that no blob consists of yet. */
export interface Uncommitted {
  readonly id: string;
  readonly bytes: number;
}

export interface WhatIsLeft {
  /** Brought over before, by whoever: never sent again. */
  readonly there: readonly Block[];
  readonly left: readonly Block[];
  /** Somebody left blocks whose ids have another length, and the service refuses ours beside them. */
  readonly clashing: boolean;
}

/** What of a blob's blocks the service has already. A block of our name and another size is sent again: it is not what was asked for. */
export function whatIsLeft(blocks: readonly Block[], uncommitted: readonly Uncommitted[]): WhatIsLeft {
  const sizes = new Map(uncommitted.map(({ id, bytes }) => [id, bytes]));
  const isThere = (block: Block) => sizes.get(block.id) === block.bytes;
  const [first] = blocks;
  return {
    there: blocks.filter(isThere),
    left: blocks.filter((block) => !isThere(block)),
    clashing: first !== undefined && uncommitted.some(({ id }) => decodedBytes(id) !== decodedBytes(first.id)),
  };
}

function decodedBytes(base64: string): number {
  return (base64.replace(/=+$/, '').length * 3) >> 2;
}
