import type { RunEvent } from '../../domain/events.js';
import type { Call } from '../call.js';
import { jsonView } from './json.js';
import type { RunModel } from './model.js';
import { plainView } from './plain.js';
import { terminalView } from './terminal.js';

/** Shows a run while it goes on. */
export interface View {
  /** @param events those that were not shown before, oldest first */
  update(
    model: RunModel,
    events: readonly RunEvent[],
    context: { readonly now: number; readonly notice: string | null },
  ): void;
  /** A sentence of ours, not of the run. */
  note(sentence: string): void;
  /** Nothing more follows. */
  end(): void;
}

/** JSON lines with --json, a repainted block on a terminal, plain lines elsewhere. */
export function viewFor(call: Call): View {
  if (call.json) return jsonView(call);
  return call.io.interactive ? terminalView(call.io) : plainView(call.line);
}
