/** Something within a served request that the emulator does not emulate, with a request that asks for it. */
export interface Refused {
  name: string;
  method: 'PUT';
  /** Below the workspace. */
  path: string;
  body: object;
}

const TRAINING = {
  jobType: 'Command',
  command: 'true',
  environmentId: 'azureml:local:1',
  computeId: 'azureml:cluster',
};

/** All of them: the names stand in SUPPORT.md, and each request is proved to be answered 501. */
export const REFUSED: readonly Refused[] = [
  ...['AutoML', 'Pipeline', 'Spark', 'Sweep'].map((jobType) => job(`${jobType} jobs`, { ...TRAINING, jobType })),
  job('MPI', { ...TRAINING, distribution: { distributionType: 'Mpi', processCountPerInstance: 1 } }),
  job('TensorFlow', { ...TRAINING, distribution: { distributionType: 'TensorFlow', workerCount: 1 } }),
  {
    ...job('Ray', { ...TRAINING, distribution: { distributionType: 'Ray' } }),
    path: '/jobs/other?api-version=2024-01-01-preview',
  },
  ...['AKS', 'Databricks', 'Kubernetes', 'SynapseSpark', 'VirtualMachine'].map((computeType) => ({
    name: `computes of type ${computeType}`,
    method: 'PUT' as const,
    path: '/computes/other',
    body: { location: 'eastus', properties: { computeType } },
  })),
  ...['OneLake'].map((datastoreType) => ({
    name: `datastores of type ${datastoreType}`,
    method: 'PUT' as const,
    path: '/datastores/other',
    body: { properties: { datastoreType, credentials: { credentialsType: 'None' } } },
  })),
];

function job(name: string, properties: object): Refused {
  return { name, method: 'PUT', path: '/jobs/other', body: { properties } };
}
