import { parse } from 'yaml';

import { mfeFault } from '../http/fault.js';
import { invalidFields } from '../http/invalid.js';

const OLDEST_PYTHON = [3, 8] as const;

/**
 * A conda file as environments answer it: indented JSON, empty when there is none.
 *
 * @throws Fault 400 for text that is no YAML, and for a Python that has come to its end
 */
export function condaAsJson(text: unknown): string {
  if (typeof text !== 'string' || text === '') return '';
  const file = read(text);
  refuseOldPython(file);
  return JSON.stringify(file, null, 2);
}

function read(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw invalidFields([`properties.condaFile is no YAML: ${(error as Error).message}`]);
  }
}

// As recorded for python=3.7.6; whether a mere lower bound is refused is not known, so it is not.
function refuseOldPython(file: unknown): void {
  const dependencies = (file as { dependencies?: unknown } | null)?.dependencies;
  if (!Array.isArray(dependencies)) return;
  for (const dependency of dependencies.filter((each) => typeof each === 'string')) {
    const [, version, major = NaN, minor = NaN] = /^python\s*==?\s*((\d+)\.(\d+)[\d.]*)/.exec(dependency) ?? [];
    if (version === undefined) continue;
    const isOld = Number(major) * 1000 + Number(minor) < OLDEST_PYTHON[0] * 1000 + OLDEST_PYTHON[1];
    if (!isOld) continue;
    throw mfeFault(400, {
      message: `Python versions matching the specification ${version} have reached or are nearing end-of-life. Python versions ${OLDEST_PYTHON.join('.')}+ are recommended.`,
      inner: ['NewRecommendedPythonVersions'],
    });
  }
}
