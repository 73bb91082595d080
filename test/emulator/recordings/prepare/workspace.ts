import { changeWorkspace } from '../../../../emulator/workspace/state.js';
import type { Prepare } from './prepare.js';

/** A workspace that was there is there with its description and tags; one that was not is another's, or was deleted. */
export const prepareWorkspace: Prepare = async ({ world, clock }, exchange) => {
  clock.pass(1);
  if (exchange.status === 200) {
    const { tags, properties } = exchange.body;
    const { friendlyName, description, containerRegistry = null, enableDataIsolation = false } = properties;
    changeWorkspace(world, { tags, friendlyName, description, containerRegistry, enableDataIsolation });
    world.workspaceId = properties.workspaceId;
    return;
  }
  if (exchange.body.error.code !== 'ResourceNotFound') {
    changeWorkspace(world, { deleted: true });
    return;
  }
  const { options } = world;
  const { workspace } = options;
  options.workspace = 'another';
  return () => void (options.workspace = workspace);
};
