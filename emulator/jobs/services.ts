import type { Job } from '../entities/job.js';
import type { Call } from '../http/route.js';
import { workspacePath } from '../world.js';

/** Where a job is tracked and shown; for a local job that has not begun, where its client asks for what to run. */
export function services({ world, site }: Call, job: Job): object {
  const id = workspacePath(world);
  const { name, request } = job;
  if (job.status === 'NotStarted') {
    const experiment = encodeURIComponent(request.experimentName);
    const start = `${site.data}/execution/v1.0${id}/experiments/${experiment}/startlocalrun?runId=${name}`;
    return { Local: service('Local', start) };
  }
  const { subscription, resourceGroup, workspace } = world.options;
  const wsid = `/subscriptions/${subscription}/resourcegroups/${resourceGroup}/workspaces/${workspace}`;
  return {
    Tracking: service('Tracking', `azureml://${new URL(site.data).host}/mlflow/v1.0${id}?`),
    Studio: service('Studio', `https://ml.azure.com/runs/${name}?wsid=${wsid}`),
  };
}

function service(jobServiceType: string, endpoint: string): object {
  return { jobServiceType, port: null, endpoint, status: null, errorMessage: null, properties: null, nodes: null };
}
