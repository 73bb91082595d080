import { WORKSPACE, ok, type Route } from '../http/route.js';
import { codes } from './codes.js';
import { getContainer, listContainers, putContainer } from './containers.js';
import { data } from './data.js';
import { environments } from './environments.js';
import type { Kind } from './kind.js';
import { models } from './models.js';
import { pendingUploadRoutes } from './pendingUpload.js';
import { existingVersion, listVersions, putVersion, removeVersion, versionBody } from './versions.js';

/** Versioned assets: codes, environments, models and data. */
export const assetRoutes: readonly Route[] = [
  ...[codes, environments, models, data].flatMap(routesOf),
  ...pendingUploadRoutes,
];

function routesOf(kind: Kind): Route[] {
  return [...containerRoutes(kind), ...versionRoutes(kind)];
}

function containerRoutes(kind: Kind): Route[] {
  const path = `${WORKSPACE}/${kind.segment}/:asset`;
  const answer = kind.containerModel;
  const { noun } = kind;
  return [
    {
      method: 'GET',
      path: `${WORKSPACE}/${kind.segment}`,
      guard: 'arm',
      title: `Names of all, as of ${noun}`,
      answer,
      handle: (call) => listContainers(kind, call),
    },
    {
      method: 'GET',
      path,
      guard: 'arm',
      title: `Name of ${noun}, with its latest version`,
      answer,
      handle: (call) => getContainer(kind, call),
    },
    {
      method: 'PUT',
      path,
      guard: 'arm',
      title: `Describe or archive the name of ${noun}`,
      request: answer,
      answer,
      handle: (call) => putContainer(kind, call),
    },
  ];
}

function versionRoutes(kind: Kind): Route[] {
  const versions = `${WORKSPACE}/${kind.segment}/:asset/versions`;
  const path = `${versions}/:version`;
  const answer = kind.versionModel;
  const { noun } = kind;
  return [
    {
      method: 'GET',
      path: versions,
      guard: 'arm',
      title: `Versions of ${noun}`,
      answer,
      handle: (call) => listVersions(kind, call),
    },
    {
      method: 'GET',
      path,
      guard: 'arm',
      title: `One version of ${noun}`,
      answer,
      handle: (call) => ok(versionBody(kind, call, existingVersion(kind, call))),
    },
    {
      method: 'PUT',
      path,
      guard: 'arm',
      title: `Register a version of ${noun}`,
      request: answer,
      answer,
      handle: (call) => putVersion(kind, call),
    },
    {
      method: 'DELETE',
      path,
      guard: 'arm',
      title: `Delete a version of ${noun}`,
      handle: (call) => removeVersion(kind, call),
    },
  ];
}
