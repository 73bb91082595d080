/** A difference from Azure's schema that no recording shows. */
export interface Declared {
  /** As `validate` words it. */
  sentence: string;
  reason: string;
}

/** All of them. One that no longer shows fails a test, as does a difference that stands neither here nor in a recording. */
export const DECLARED: readonly Declared[] = [
  {
    sentence: 'GET runs/*/artifacts is not declared',
    reason: 'The schema has artifacts below experiments only; clients that know a run by its name alone ask here.',
  },
  {
    sentence: 'GET runs/*/artifacts/* is not declared',
    reason: 'As above: contentinfo of one artifact.',
  },
  {
    sentence: 'GET runs/*/artifacts/*/contentinfo is not declared',
    reason: 'As above: prefix/contentinfo.',
  },
  {
    sentence: 'POST models/*/versions/*/startPendingUpload is not declared',
    reason: 'Declared for registries only; answered for workspaces too, as for code.',
  },
  {
    sentence: 'POST data/*/versions/*/startPendingUpload is not declared',
    reason: 'Declared for registries only; answered for workspaces too, as for code.',
  },
  {
    sentence: 'POST runs/*/lastvalues is not declared',
    reason: 'Clients of MLflow ask here for the last value of every metric; its answer has the form of `full`.',
  },
  ...[
    'WorkspaceProperties.EnableSoftwareBillOfMaterials is not declared',
    'ServerlessComputeSettings as serverlessComputeSettings is null',
    'NetworkAcls.bypass is in no model',
    'NetworkAcls.resourceAccessRules is in no model',
    'WorkspaceProperties.EnableSoftwareBillOfMaterials is in no model',
  ].map((what) => ({
    sentence: `answer: ${what}`,
    reason:
      'Recorded by Azure PowerShell (Get-AzMLWorkspace, 2024-04-01), of whose recordings the shared folder has few.',
  })),
  ...[
    'ComputeInstance.provisioningWarnings',
    'ComputeInstanceProperties.imageVersion',
    'ComputeInstanceProperties.enableBatchPrivateLink',
    'ComputeInstanceProperties.enableOSPatching',
    'ComputeInstanceProperties.releaseQuotaOnStop',
    'ComputeInstanceProperties.enableSSO',
  ].map((what) => ({
    sentence: `answer: ${what} is not declared`,
    reason: 'As above (Get-AzMLWorkspaceCompute, 2024-04-01).',
  })),
  ...[
    'ComputeInstance.provisioningWarnings',
    'ComputeInstanceProperties.imageVersion',
    'ComputeInstanceProperties.enableBatchPrivateLink',
  ].map((what) => ({
    sentence: `answer: ${what} is in no model`,
    reason: 'As above (Get-AzMLWorkspaceCompute, 2024-04-01).',
  })),
  ...['Compute_Delete', 'Compute_ListNodes', 'Compute_Update'].map((operation) => ({
    sentence: `answer: ${operation} 404 has no body`,
    reason:
      'The service answers a GET of an unknown compute so (compute__get_404_empty_body.json); what else is asked of one is answered alike.',
  })),
];
