import { refusalRoutes } from './assets/refusals.js';
import { assetRoutes } from './assets/routes.js';
import { operationRoutes } from './computes/operations.js';
import { computeRoutes } from './computes/routes.js';
import { controlRoutes } from './control/routes.js';
import { datastoreRoutes } from './datastores/routes.js';
import { historyRoutes } from './history/routes.js';
import type { Route } from './http/route.js';
import { documentRoutes } from './identity/documents.js';
import { tokenRoutes } from './identity/token.js';
import { jobRoutes } from './jobs/routes.js';
import { locationRoutes } from './locations/locations.js';
import { priceRoutes } from './prices/routes.js';
import { metadataRoutes } from './ways/metadata.js';
import { workspaceRoutes } from './workspace/workspace.js';

/** Everything that is served; whatever is not in here is answered 501. */
export const ROUTES: readonly Route[] = [
  ...workspaceRoutes,
  ...computeRoutes,
  ...operationRoutes,
  ...locationRoutes,
  ...datastoreRoutes,
  ...assetRoutes,
  ...refusalRoutes,
  ...jobRoutes,
  ...historyRoutes,
  ...documentRoutes,
  ...tokenRoutes,
  ...metadataRoutes,
  ...priceRoutes,
  ...controlRoutes,
];
