import assert from 'node:assert/strict';
import type { RunConfig } from '../../domain/config.js';
import { type Inventory, findOrphans } from '../../domain/orphans.js';
import { type Asked, gatherKnowledge } from '../../cli/reap/knowledge.js';
import { workspacesOf } from '../../cli/reap/workspaces.js';
import { config as sample } from '../domain/samples.js';

const { azure } = sample();
const made: Inventory = { jobs: [], clusters: [{ name: 'spot', run: 'ended' }], nodes: [] };

/** A Temporal with live runs of these configs, in which every other run has ended. */
function temporal(live: Record<string, RunConfig | Error>): Asked {
  return {
    knowledgeOf: (run) => Promise.resolve(run in live ? { kind: 'live' } : { kind: 'ended', how: 'failed' }),
    runNames: () => Promise.resolve(Object.keys(live)),
    configOf: async (run) => {
      const config = live[run];
      if (config instanceof Error || config === undefined) throw config ?? new Error(`no run ${run}`);
      return config;
    },
  };
}

const verdictOf = async (client: Asked) => {
  const [finding] = findOrphans(made, await gatherKnowledge(client, azure, made));
  return [finding?.verdict, finding?.act];
};
const inWorkspace = (workspace: string) => ({ ...sample(), azure: { ...azure, workspace } });

describe('cli: reap', () => {
  it('leaves a cluster alone that a live run of this workspace names in its config, however it writes the workspace', async () => {
    assert.deepEqual(await verdictOf(temporal({ other: inWorkspace('LAB') })), ['in-use', null]);
    assert.deepEqual(await verdictOf(temporal({ other: inWorkspace('elsewhere') })), ['orphan', 'delete']);
  });

  it('leaves every cluster alone where the config of one live run cannot be read', async () => {
    assert.deepEqual(await verdictOf(temporal({ other: new Error('no answer') })), ['unknown', null]);
  });

  it('looks at the workspaces of all known runs, each once, and says which run it could not read', async () => {
    const client = temporal({
      a: inWorkspace('one'),
      b: inWorkspace('two'),
      c: inWorkspace('ONE'),
      d: new Error('gone'),
    });
    const notes: string[] = [];
    const found = await workspacesOf({}, client, (sentence) => void notes.push(sentence));
    assert.deepEqual(
      found.map(({ workspace }) => workspace),
      ['one', 'two'],
    );
    assert.deepEqual(notes, ['the config of run d cannot be read, so its workspace is not looked at']);
  });

  it('takes a workspace by its names, which must be whole', async () => {
    const note = () => undefined;
    const named = { subscription: 's', resourceGroup: 'g', workspace: 'w' };
    assert.deepEqual(await workspacesOf(named, temporal({}), note), [
      { cloud: 'AzureCloud', subscriptionId: 's', resourceGroup: 'g', workspace: 'w' },
    ]);
    await assert.rejects(
      workspacesOf({ workspace: 'w' }, temporal({}), note),
      /--subscription, --resource-group and --workspace together/,
    );
    await assert.rejects(
      workspacesOf({}, temporal({}), note),
      /Temporal remembers no run, so nothing names a workspace/,
    );
  });
});
