import type { Block } from '../../domain/copy/blocks.js';
import type { Pacer } from './pacer.js';
import type { Patience } from './patience.js';
import type { CopyTarget } from './target.js';

/** What a copy works with. */
export interface CopyTools extends Patience {
  readonly target: CopyTarget;
  /** Bounds the blocks that lie in this process's memory, where the service cannot read the source itself. */
  readonly carrying: Pacer;
  readonly onNews: (news: BlockNews) => void;
}

/** What happened to a block. `restarted`: all that is known of this blob so far is void, its source has another version. */
export type BlockNews =
  | { readonly kind: 'there' | 'sent' | 'acknowledged'; readonly to: string; readonly block: Block }
  | { readonly kind: 'kept' | 'committed'; readonly to: string; readonly bytes: number }
  | { readonly kind: 'restarted'; readonly to: string };
