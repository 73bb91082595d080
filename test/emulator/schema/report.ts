import { DECLARED } from './declared.js';
import type { Problem } from './problems.js';
import type { Witness } from './recordings.js';
import { VERSION } from './swagger/documents.js';

/** How the file is made anew. */
export const COMMAND = 'BERTHA_WRITE_DIFFERENCES=1 npm test -- emulator';

/** The problems that neither a recording nor a declaration excuses, each with a place where it shows. */
export function unexcused(problems: readonly Problem[], recorded: ReadonlyMap<string, unknown>): string[] {
  const declared = new Set(DECLARED.map(({ sentence }) => sentence));
  const left = problems.filter(({ sentence }) => !recorded.has(sentence) && !declared.has(sentence));
  return [...new Map(left.map(({ sentence, seen }) => [sentence, `${sentence} (${seen})`])).values()];
}

/** The text of `emulator/differences/schema.md`: where the emulator differs from Azure's own schema, and why. */
export function differencesText(problems: readonly Problem[], recorded: ReadonlyMap<string, Witness[]>): string {
  const shown = [...new Set(problems.map(({ sentence }) => sentence))].sort();
  const rows = shown.map((sentence) => [sentence, reasonFor(sentence, recorded.get(sentence))]);
  return [
    "# Differences from Azure's schema",
    '',
    `What the emulator takes and answers is held against Azure's own Swagger of ${VERSION} and that of run history. Where the real service was`,
    'recorded to do something else, the recording is right; what no recording shows has a reason of its own.',
    '',
    `Made from a tour through all routes by \`${COMMAND}\`; a test fails when it is out of date.`,
    '',
    ...markdownTable([['what differs', 'why'], ...rows]),
    '',
  ].join('\n');
}

function reasonFor(sentence: string, witnesses: readonly Witness[] | undefined): string {
  const [first, ...more] = [...new Map((witnesses ?? []).map((each) => [each.file, each])).values()];
  if (first === undefined) return DECLARED.find((each) => each.sentence === sentence)?.reason ?? '';
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return `recorded in ${first.file}${first.version === null ? '' : ` (${first.version})`}${others}`;
}

// Columns are as wide as their widest cell, as prettier would have them.
function markdownTable(rows: readonly string[][]): string[] {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('*', '\\*')));
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [heads = [], ...others] = cells;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)];
}
