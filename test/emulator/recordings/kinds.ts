import type { Exchange } from './files.js';

/** The kinds of exchanges that the emulator is measured by; every exchange of theirs counts. */
export const KINDS = [
  'workspaces',
  'jobs',
  'computes',
  'datastores',
  'codes',
  'environments',
  'data',
  'run history',
  'errors',
] as const;

export type Kind = (typeof KINDS)[number];

const PATHS: readonly [RegExp, Kind | 'models'][] = [
  [/\/history\/v1\.0\//i, 'run history'],
  [/\/data\/v1\.0\//i, 'data'],
  [/\/discovery$/i, 'workspaces'],
  [/\/(computeOperationsStatus|usages|quotas|vmSizes)\b/i, 'computes'],
  [/\/mfeOperationResults\//i, 'jobs'],
  [/\/workspaceOperationsStatus\//i, 'workspaces'],
  [/\/workspaces\/[^/]+$/i, 'workspaces'],
  [/\/workspaces\/[^/]+\/jobs\b/i, 'jobs'],
  [/\/workspaces\/[^/]+\/computes\b/i, 'computes'],
  [/\/workspaces\/[^/]+\/datastores\b/i, 'datastores'],
  [/\/workspaces\/[^/]+\/codes\b/i, 'codes'],
  [/\/workspaces\/[^/]+\/environments\b/i, 'environments'],
  [/\/workspaces\/[^/]+\/data\b/i, 'data'],
  [/\/workspaces\/[^/]+\/models\b/i, 'models'],
];

/**
 * The kind of an exchange: that of what its path names, `errors` for every answer of 400 and above whatever it was
 * about, and `outside` for what the emulator is not measured by (components, schedules, blobs). Models are replayed
 * without being measured.
 */
export function kindOf({ url, status }: Exchange): Kind | 'models' | 'outside' {
  if (url.hostname.includes('.blob.')) return 'outside';
  if (status >= 400) return 'errors';
  return PATHS.find(([path]) => path.test(url.pathname))?.[1] ?? 'outside';
}
