import { parse } from 'yaml';

import { checkScenario, type Document } from './language/document.js';

/**
 * Reads a scenario, in YAML (or JSON, which is YAML too).
 *
 * @param source where it came from, for messages
 * @throws Error with one sentence naming the field that is wrong
 */
export function parseScenario(text: string, source: string): Document {
  return checkScenario(parseYaml(text, source), source);
}

function parseYaml(text: string, source: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`The scenario ${source} is no YAML: ${(error as Error).message.split('\n')[0] ?? ''}`, {
      cause: error,
    });
  }
}
