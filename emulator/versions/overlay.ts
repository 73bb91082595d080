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
  ...(['autologgerSettings', 'customServices', 'osImageMetadata', 'versions', 'schedules'] as const).map((member) => ({
    model: 'ComputeInstanceProperties',
    member,
    from: null,
    to: null,
    source: 'compute__instance_create_stop_start_delete.json (2022-01-01-preview)',
  })),
  ...(['currentImageVersion', 'latestImageVersion', 'isLatestOsImageVersion'] as const).map((member) => ({
    model: 'ImageMetadata',
    member,
    from: null,
    to: null,
    source: 'compute__instance_create_stop_start_delete.json (2022-01-01-preview)',
  })),
  {
    model: 'ComputeInstanceLastOperation',
    member: 'operationTrigger',
    from: null,
    to: null,
    source: 'compute__instance_create_stop_start_delete.json (2022-01-01-preview)',
  },
  {
    model: 'AmlComputeProperties',
    member: 'propertyBag',
    from: null,
    to: null,
    source: 'compute__aml_compute_create_resizing.json (2022-01-01-preview)',
  },
  ...(['dataMounts', 'dataDisks', 'containers'] as const).map((member) => ({
    model: 'ComputeInstanceProperties',
    member,
    from: null,
    to: null,
    source: 'compute__instance_create_stop_start_delete.json (2022-01-01-preview)',
  })),
  ...(['enableOSPatching', 'releaseQuotaOnStop', 'enableSSO'] as const).map((member) => ({
    model: 'ComputeInstanceProperties',
    member,
    from: '2023-08-01-preview',
    to: null,
    source: "Azure PowerShell's recording Get-AzMLWorkspaceCompute (2024-04-01)",
  })),
  ...(['subscriptionId', 'resourceGroup'] as const).flatMap((member) =>
    (
      ['AzureBlobDatastore', 'AzureFileDatastore', 'AzureDataLakeGen1Datastore', 'AzureDataLakeGen2Datastore'] as const
    ).map((model) => ({
      model,
      member,
      from: '2023-10-01',
      to: null,
      source:
        'absent in data__auto_delete_2023_04_preview.json, there in assets_datastore__blob_2024_07_01_preview.json',
    })),
  ),
  {
    model: 'WorkspaceProperties',
    member: 'softDeleteEnabled',
    from: '2022-10-01',
    to: null,
    source:
      'workspace__get_with_discovery_url.json (2022-10-01-preview), absent in compute__aml_compute_create_resizing.json',
  },
  {
    model: 'WorkspaceProperties',
    member: 'managedNetwork',
    from: '2023-02-01-preview',
    to: '2023-08-01-preview',
    source:
      "workspace__get_patch_delete.json (2023-04-01-preview), absent in Azure PowerShell's Get-AzMLWorkspace (2024-04-01)",
  },
  ...(['networkAcls', 'ipAllowlist', 'allowRoleAssignmentOnRG'] as const).map((member) => ({
    model: 'WorkspaceProperties',
    member,
    from: '2024-01-01-preview',
    to: null,
    source: "Azure PowerShell's recording Get-AzMLWorkspace (2024-04-01)",
  })),
  {
    model: 'NotebookResourceInfo',
    member: 'isPrivateLinkEnabled',
    from: null,
    to: null,
    source: 'compute__aml_compute_create_resizing.json (2022-01-01-preview)',
  },
];

/**
 * Api-versions whose models no Python client carries, and the version that they are read as: the nearest one before, for a
 * stable version adds to what the previews before it held. 2024-04-01 is read as the preview after it, whose members are
 * those of its recordings (ps_job__list_and_get_completed.json: notificationSetting, but no assetName and no autologgerSettings).
 */
export const READ_AS: Readonly<Record<string, string>> = {
  '2024-04-01': '2024-07-01-preview',
  '2024-10-01': '2023-10-01',
  '2025-04-01': '2023-10-01',
  '2025-06-01': '2025-12-01',
  '2025-09-01': '2025-12-01',
  '2026-03-01': '2025-12-01',
  '2026-05-01': '2025-12-01',
  '2026-07-01': '2025-12-01',
  '2026-09-01': '2025-12-01',
};
