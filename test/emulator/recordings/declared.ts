import { readFileSync } from 'node:fs';

import type { Exchange } from './files.js';

const PAGE = 'emulator/DIFFERENCES.md';
const ROW = /^\| `(\w+)` +\| ((?:\d+(?:, )?)+) +\| (.+?) +\|$/;

/** The exchanges that `emulator/DIFFERENCES.md` declares to be answered otherwise, as `file[index]`, with their reasons. */
export function declaredDifferences(): Map<string, string> {
  const rows = readFileSync(PAGE, 'utf8')
    .split('\n')
    .map((line) => ROW.exec(line));
  const declared = new Map<string, string>();
  for (const [, file = '', indexes = '', reason = ''] of rows.filter((row) => row !== null)) {
    for (const index of indexes.split(', ')) declared.set(`${file}[${index}]`, reason);
  }
  return declared;
}

/** How `DIFFERENCES.md` names an exchange. */
export function keyOf({ file, index }: Exchange): string {
  return `${file}[${index}]`;
}
