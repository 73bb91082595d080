import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import type { Clock } from '../clock.js';
import { readSeries, type Series } from '../evictions/series.js';
import type { Log } from '../log.js';
import { BLOCKS, type Block, type Document } from './language/document.js';
import { parseScenario } from './schema.js';
import { Rules, type Stage, type Upload } from './rules.js';
import type { Count, Script, Scripts } from './scripts.js';

const FILE = 'file';

/** What happens to jobs, clusters, requests and uploads: loaded from a file or sent, kept over restarts. */
export class Scenario {
  private readonly rules: Rules;

  constructor(
    readonly scripts: Scripts,
    clock: Clock,
    log: Log,
    stage: Stage,
  ) {
    this.rules = new Rules(scripts, clock, log, stage);
    scripts.onChange(() => this.rules.arm());
  }

  /** Puts the scenario of a start in force; null means that there is none. One that is unchanged goes on where it was. */
  open(read: ReadScenario | null): void {
    const beganBefore = this.beganOfFile();
    if (read !== null) this.scripts.begin({ id: FILE, ...read });
    const isSame = read !== null && beganBefore === this.beganOfFile();
    // What rules of a former file put in force ends with it.
    if (!isSame) this.scripts.end(({ id }) => id.startsWith(`${FILE}-`) || (id === FILE && read === null));
    this.rules.arm();
  }

  /** Puts what was sent in the place of everything that is in force. */
  replace(read: ReadScenario): void {
    this.scripts.end();
    this.add(read);
  }

  /** Puts what was sent beside what is in force. */
  add(read: ReadScenario): void {
    const numbers = this.scripts.all().flatMap(({ id }) => /^sent-(\d+)$/.exec(id)?.[1] ?? []);
    const next = Math.max(0, ...numbers.map(Number)) + 1;
    this.scripts.begin({ id: `sent-${next}`, ...read });
  }

  /** Nothing is in force any more. @returns how many scenarios ended */
  clear(): number {
    return this.scripts.end();
  }

  /** A file of a job is in Blob storage. */
  uploaded(upload: Upload): void {
    this.rules.uploaded(upload);
  }

  /** A job has another status than before. */
  statusChanged(change: { job: string; status: string }): void {
    this.rules.statusChanged(change);
  }

  /** Every item with how often it was met, for people. */
  state(): object[] {
    return this.scripts.all().map((script) => ({
      source: script.source,
      began: script.began,
      seed: script.document.seed,
      items: BLOCKS.flatMap((block) => this.stateOf(block, script)),
    }));
  }

  private beganOfFile(): string | undefined {
    return this.scripts.all().find(({ id }) => id === FILE)?.began;
  }

  private stateOf(block: Block, script: Script): object[] {
    const entries = this.scripts.items(block).filter((entry) => entry.script === script);
    return entries.map((entry) => {
      // Random evictions are counted cluster by cluster.
      const counts = Object.entries(script.counts).filter(
        ([key]) => key === entry.key || key.startsWith(`${entry.key}/`),
      );
      const sum = (field: keyof Count): number => counts.reduce((total, [, count]) => total + count[field], 0);
      return { key: entry.key, ...entry.item, seen: sum('seen'), hit: sum('hit') };
    });
  }
}

/** A scenario with all that it names. */
export interface ReadScenario {
  source: string;
  document: Document;
  /** By key of the item. */
  series: Record<string, Series>;
}

/** Reads the scenario of a file. @throws Error with one sentence */
export async function readScenarioFile(file: string): Promise<ReadScenario> {
  return readScenario(await textOf(file), file, dirname(file));
}

/**
 * Reads a scenario and the series that it names.
 *
 * @param source where it came from, for messages
 * @param folder what the names of its files are relative to
 * @throws Error with one sentence
 */
export async function readScenario(text: string, source: string, folder: string): Promise<ReadScenario> {
  const document = parseScenario(text, source);
  const series: Record<string, Series> = {};
  for (const [index, item] of document.evictions.entries()) {
    if (item.kind !== 'trace') continue;
    const key = `evictions[${index}]`;
    series[key] = await readSeries(resolve(folder, item.file)).catch((error: Error) => {
      throw new Error(`Field ${key}.file of the scenario ${source} is wrong: ${error.message}`, { cause: error });
    });
  }
  return { source, document, series };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`The scenario ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
