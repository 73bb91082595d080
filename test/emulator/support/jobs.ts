import { until } from './until.js';
import { P, type Answer, type Service } from './service.js';

type Caller = Pick<Service, 'call'>;

/** Makes a low-priority cluster of small machines and waits until it is there. */
export async function createCluster(service: Caller, name: string, settings: object = {}): Promise<void> {
  const properties = {
    vmSize: 'Standard_DS2_v2',
    vmPriority: 'LowPriority',
    scaleSettings: { minNodeCount: 0, maxNodeCount: 2 },
    ...settings,
  };
  await service.call('PUT', `/computes/${name}`, {
    location: 'eastus',
    properties: { computeType: 'AmlCompute', properties },
  });
  await until(
    `cluster ${name}`,
    async () => (await service.call('GET', `/computes/${name}`)).json.properties.provisioningState === 'Succeeded',
  );
}

/** The body of a job on a cluster; two nodes with one process each unless changed. */
export function jobBody(cluster: string, command: string, changes: object = {}): object {
  return {
    properties: {
      jobType: 'Command',
      command,
      environmentId: 'azureml:local:1',
      computeId: `${P}/computes/${cluster}`,
      distribution: { distributionType: 'PyTorch', processCountPerInstance: 1 },
      resources: { instanceCount: 2 },
      ...changes,
    },
  };
}

/** An output of mode rw_mount at a path of the default datastore. */
export function mounted(path: string): object {
  return {
    jobOutputType: 'uri_folder',
    mode: 'ReadWriteMount',
    uri: `azureml://datastores/workspaceblobstore/paths/${path}`,
  };
}

/** Waits until a job has one of the given statuses. @returns the job */
export function reach(service: Caller, job: string, ...statuses: string[]): Promise<Answer['json']> {
  return until(`job ${job} to be ${statuses.join(' or ')}`, async () => {
    const { json } = await service.call('GET', `/jobs/${job}`);
    return statuses.includes(json.properties.status) ? json : undefined;
  });
}

/** Run history's word on a job. */
export async function details(service: Caller, job: string): Promise<Answer['json']> {
  return (await service.call('GET', `/history/v1.0${P}/runs/${job}/details`)).json;
}

/** What the emulator itself knows of a job. */
export async function inside(service: Caller, job: string): Promise<Answer['json']> {
  const { json } = await service.call('GET', '/_emulator/state');
  return json.jobs.find((each: { name: string }) => each.name === job);
}
