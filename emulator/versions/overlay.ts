/** Where the service was seen to differ from the models of its own client. What was recorded wins. */
export interface Correction {
  model: string;
  member: string;
  /** First and last api-version that have it; null leaves that side open. `absent` means that none has. */
  from: string | null;
  to: string | null;
  absent?: true;
  /** The recording or document that says so. */
  source: string;
}

/** Corrections of `members.json`, one line each. */
export const CORRECTIONS: readonly Correction[] = [
  {
    model: 'AmlComputeProperties',
    member: 'enableBatchPrivateLink',
    from: '2023-08-01-preview',
    to: null,
    source: 'assets_compute__create_2023_08_01_preview.json has it, those of 2022 have not',
  },
  {
    model: 'AmlCompute',
    member: 'provisioningWarnings',
    from: '2023-08-01-preview',
    to: null,
    source: 'assets_compute__create_2023_08_01_preview.json has it, those of 2022 have not',
  },
  {
    model: 'WorkspaceProperties',
    member: 'softDeleteEnabled',
    from: '2022-01-01-preview',
    to: null,
    source: 'workspace__get_patch_delete.json (2023-04-01-preview)',
  },
];

/**
 * Api-versions whose models no Python client carries, and the version that they are read as: the nearest one before, for a
 * stable version adds to what the previews before it held.
 */
export const READ_AS: Readonly<Record<string, string>> = {
  '2024-04-01': '2023-10-01',
  '2024-10-01': '2023-10-01',
  '2025-04-01': '2023-10-01',
  '2025-06-01': '2025-12-01',
  '2025-09-01': '2025-12-01',
  '2026-03-01': '2025-12-01',
  '2026-05-01': '2025-12-01',
  '2026-07-01': '2025-12-01',
  '2026-09-01': '2025-12-01',
};
