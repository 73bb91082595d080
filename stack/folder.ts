import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { type StackPlaces, stackPlaces } from './places.js';
import { PartError, reap, startTime } from './processes.js';

export interface FolderOptions {
  /** Name of the stack's folder: `local` for `bertha up`, `demo` for the demo. */
  readonly name: string;
  /** Forget what an earlier stack of this name held. */
  readonly fresh?: boolean;
  readonly onProgress?: (sentence: string) => void;
}

/**
 * Makes the folder of a stack ready. What an earlier one left (after kill -9, say) is reaped first, by recorded pid and start time.
 * @throws PartError with one sentence where the stack is up already
 */
export function takeFolder(options: FolderOptions): StackPlaces {
  const places = stackPlaces(options.name);
  refuseIfUp(places, options.name);
  const left = reap(places);
  if (left.length > 0) options.onProgress?.(`ended what an earlier stack left: ${left.join(', ')}`);
  if (options.fresh === true) rmSync(places.folder, { recursive: true, force: true });
  mkdirSync(places.folder, { recursive: true });
  return places;
}

function refuseIfUp(places: StackPlaces, name: string): void {
  if (!existsSync(places.stackFile)) return;
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(places.stackFile, 'utf8')) as { pid: number; startedAt: string };
    const up = startTime(pid) === startedAt;
    if (up)
      throw new PartError(
        `the local stack "${name}" is up already (process ${pid}); stop it first with Ctrl-C there, or: kill ${pid}`,
      );
  } catch (error) {
    if (error instanceof PartError) throw error;
  }
  rmSync(places.stackFile, { force: true });
}
