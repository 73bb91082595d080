import type { Clock } from '../../../emulator/clock.js';
import { parseScenario } from '../../../emulator/scenario/schema.js';
import { Scripts, type Script } from '../../../emulator/scenario/scripts.js';
import { Collection } from '../../../emulator/store/collection.js';
import type { Series } from '../../../emulator/evictions/series.js';

/** Scripts that are kept nowhere. */
export function createScripts(clock: Clock): Scripts {
  return new Scripts(new Collection<Script>(new Map(), () => undefined), clock);
}

/** Puts a scenario in force. @param series of its evictions, by key */
export function begin(scripts: Scripts, text: string, series: Record<string, Series> = {}, id = 'file'): void {
  scripts.begin({ id, source: 'a test', document: parseScenario(text, 'a test'), series });
}
