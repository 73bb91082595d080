import { WORKSPACE, ok, type Call, type Reply, type Route } from '../http/route.js';
import { startWorkspaceOperation, workspaceOperationRoutes } from './operations.js';
import { readWorkspaceChanges } from './request.js';
import { changeWorkspace, workspaceOf } from './state.js';
import { workspaceBody } from './wire.js';

const answer = 'Workspace';
const PROVIDER = 'providers/Microsoft.MachineLearningServices/workspaces';

/** The workspace itself and the document that says where its data plane is. */
export const workspaceRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: WORKSPACE,
    guard: 'arm',
    title: 'The workspace',
    answer,
    handle: (call) => ok(workspaceBody(call)),
  },
  {
    method: 'PATCH',
    path: WORKSPACE,
    guard: 'arm',
    title: 'Change tags, description and the like of the workspace',
    request: 'WorkspaceUpdateParameters',
    handle: patch,
  },
  {
    method: 'DELETE',
    path: WORKSPACE,
    guard: 'arm',
    title: 'Delete the workspace, until the next start',
    handle: remove,
  },
  ...[`/subscriptions/:subscription/resourceGroups/:group/${PROVIDER}`, `/subscriptions/:subscription/${PROVIDER}`].map(
    (path): Route => ({ method: 'GET', path, guard: 'arm', title: 'Workspaces: this one', answer, handle: list }),
  ),
  ...workspaceOperationRoutes,
  { method: 'GET', path: '/discovery', guard: 'open', title: 'Where the data plane is', handle: discovery },
];

function patch(call: Call): Reply {
  const changes = readWorkspaceChanges(call.body);
  return { status: 202, headers: startWorkspaceOperation(call, () => changeWorkspace(call.world, changes)) };
}

function remove(call: Call): Reply {
  const { world } = call;
  const headers = startWorkspaceOperation(call, () => {
    for (const job of world.jobs.all()) world.jobs.cancel(job.name, 'The workspace was deleted.');
    changeWorkspace(world, { deleted: true });
  });
  return { status: 202, headers };
}

function list(call: Call): Reply {
  return ok({ value: workspaceOf(call.world).deleted ? [] : [workspaceBody(call)] });
}

function discovery({ site }: Call): Reply {
  const here = site.data;
  return ok({
    api: here,
    catalog: 'https://catalog.cortanaanalytics.com',
    experimentation: here,
    gallery: 'https://gallery.cortanaintelligence.com/project',
    history: here,
    hyperdrive: here,
    labeling: here,
    modelmanagement: here,
    pipelines: here,
    studio: 'https://ml.azure.com',
  });
}
