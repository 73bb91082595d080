import type { DataResult } from '../../client.js';
import type { Call } from '../call.js';

type PlannedCopy = NonNullable<Extract<DataResult, { action: 'plan' }>['copy']>;
type VerifiedData = Extract<DataResult, { action: 'verify' }>['verified'];

/** What is printed of a result. @param file the config, for the commands that come next */
export function linesOf(call: Call, result: DataResult, file: string): string[] {
  const next = (verb: string) => call.command(`data ${verb} ${file}`);
  switch (result.action) {
    case 'plan':
      return planLines(result, next);
    case 'prepare':
    case 'convert':
      return [
        `${result.action === 'prepare' ? 'prepared' : 'converted'}${result.prepared.reused ? ' before' : ''}: ${result.prepared.summary}`,
        `folder ${result.prepared.folder}, content ${result.prepared.contentId}`,
        `look at it with: ${next('show')}`,
      ];
    case 'copy': {
      const { blobs, bytes, copied, folder } = result.copied;
      return [`${blobs} blobs, ${(bytes / 1e6).toFixed(1)} MB verified in ${folder}, ${copied} copied`];
    }
    case 'verify':
      return verifyLines(result.verified, next('copy'));
  }
}

/** Whether something is wrong with the dataset. */
export function isBad(result: DataResult): boolean {
  if (result.action !== 'verify') return false;
  const { bad, copy } = result.verified;
  return bad.length + (copy?.bad.length ?? 0) > 0;
}

/** What is said of a dataset that was hashed, at its source and where runs read it. */
export function verifyLines({ folder, copy, ...source }: VerifiedData, copyCommand: string): string[] {
  const of = ({ files, bytes, bad }: typeof source, where: string): string[] => {
    const words = `${where}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB`;
    return bad.length === 0
      ? [`${words}, every one as its manifest says`]
      : [`${words}, ${bad.length} bad`, ...bad.map((problem) => `  ${problem}`)];
  };
  const lines = of(source, `at the source${folder === '' ? '' : ` in ${folder}`}`);
  if (copy === undefined) return lines;
  if (copy === null) return [...lines, `no copy for runs yet; make it with: ${copyCommand}`];
  const mend = copy.bad.length > 0 && source.bad.length === 0 ? [`mend the copy with: ${copyCommand}`] : [];
  return [...lines, ...of({ ...copy, contentId: source.contentId }, `the copy for runs in ${copy.where}`), ...mend];
}

function planLines(result: DataResult & { action: 'plan' }, next: (verb: string) => string): string[] {
  const { outline, folder, files, copy } = result;
  if (files !== undefined)
    return [`${files} files of the old recipe, to ${folder}`, `convert them with: ${next('convert')}`];
  const copying = copy === undefined ? [] : copyLines(copy, next('copy'));
  if (outline === null)
    return [
      `the dataset is there already${folder === '' ? '' : `, in ${folder}`}: nothing is to be prepared`,
      ...copying,
    ];
  const { pieces, sets, bytes, prepared, nearDuplicates } = outline;
  if (prepared !== null) return [`prepared already: ${prepared.summary}`, `folder ${prepared.folder}`, ...copying];
  const many = pieces === 1 ? 'piece' : 'pieces';
  return [
    `${(bytes / 1e6).toFixed(1)} MB of input in ${pieces} ${many}, ${sets} sets of shards`,
    ...(nearDuplicates === undefined
      ? []
      : [`near duplicates are left out: pages with ${Math.round(100 * nearDuplicates)} % of their text in common`]),
    `prepare it with: ${next('prepare')}`,
  ];
}

/** What a copy for runs would bring over. */
function copyLines({ blobs, bytes, there, folder }: PlannedCopy, command: string): string[] {
  const all = `${blobs} files, ${(bytes / 1e6).toFixed(1)} MB`;
  if (there.blobs === blobs) return [`the copy for runs is there: ${all} in ${folder}`];
  const part =
    there.bytes === 0 ? '' : `, of which ${there.blobs} files, ${(there.bytes / 1e6).toFixed(1)} MB, are there`;
  return [`a copy for runs brings over ${all}${part}, to ${folder}`, `copy it with: ${command}`];
}
