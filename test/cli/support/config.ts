import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A config of two phases; its cloud exists nowhere, so that nothing can be reached from it. */
export const configText = `name: small
azure:
  cloud: nowhere
  subscriptionId: 00000000-0000-0000-0000-000000000001
  resourceGroup: group
  workspace: space
storage:
  account: account
  container: training
  datastore: training
data:
  name: wiki
  source:
    account: account
    container: prepared
    prefix: data/wiki/0123456789abcdef
cluster:
  name: cluster
  sku: Standard_ND96asr_v4
  nodes: 2
  processesPerNode: 8
environment:
  name: torch
  image: image
  requirements: requirements.txt
trainer:
  recipe: none
  code: training
  command: python train.py
  parameters:
    sequenceLength: 128
phases:
  - name: p1
    steps: 1000
    globalBatch: 4096
    microBatch: 64
  - name: p2
    steps: 100
    globalBatch: 2048
    microBatch: 32
    initFrom: p1
    parameters:
      sequenceLength: 512
checkpoints:
  everySteps: 50
model:
  name: bert
`;

/** Writes a config to a temporary file for the time of `use`. */
export async function withConfig<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'bertha-cli-'));
  try {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, text);
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
