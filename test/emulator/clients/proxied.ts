import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import { EnvironmentCredential } from '@azure/identity';
import {
  BlobSASPermissions,
  BlobServiceClient,
  ContainerClient,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';

/**
 * A program that knows Azure's own addresses only and is told nothing but what the environment says. It prints what it
 * saw as one line of JSON.
 */
const [subscription = '', group = '', workspace = '', account = ''] = process.argv.slice(2);
const key = process.env['ACCOUNT_KEY'] ?? '';
const blobs = `https://${account}.blob.core.windows.net`;
const credential = new EnvironmentCredential();

const seen = { ...(await management()), ...(await small()), ...(await large()) };
process.stdout.write(`${JSON.stringify(seen)}\n`);

async function management(): Promise<object> {
  const arm = new AzureMachineLearningWorkspaces(credential, subscription);
  const { discoveryUrl, mlFlowTrackingUri } = await arm.workspaces.get(group, workspace);
  const properties = { vmSize: 'Standard_D2s_v3', scaleSettings: { maxNodeCount: 1 } };
  const made = await arm.computeOperations.beginCreateOrUpdateAndWait(
    group,
    workspace,
    'proxied',
    { location: 'eastus', properties: { computeType: 'AmlCompute', properties } },
    { updateIntervalInMs: 50 },
  );
  return { discoveryUrl, mlFlowTrackingUri, provisioningState: made.properties?.provisioningState };
}

async function small(): Promise<object> {
  const [name, containerName] = ['a b/ü.txt', 'proxied'];
  const shared = new StorageSharedKeyCredential(account, key);
  const byToken = new BlobServiceClient(blobs, credential).getContainerClient(containerName);
  await byToken.createIfNotExists();
  await byToken.getBlockBlobClient(name).upload('by token', 8);
  const listedByKey = [];
  const byKey = new BlobServiceClient(blobs, shared).getContainerClient(containerName);
  for await (const blob of byKey.listBlobsFlat({ prefix: 'a b/' })) listedByKey.push(blob.name);
  const expiresOn = new Date(Date.now() + 60_000);
  const wanted = { containerName, blobName: name, permissions: BlobSASPermissions.parse('r'), expiresOn };
  const sas = generateBlobSASQueryParameters(wanted, shared).toString();
  const signed = (query: string): Promise<Buffer> =>
    new ContainerClient(`${blobs}/${containerName}?${query}`).getBlockBlobClient(name).downloadToBuffer();
  const readBySignature = (await signed(sas)).toString();
  const forgedSignature = await signed(sas.replace('sig=', 'sig=A')).catch(
    (error: { statusCode?: number }) => error.statusCode,
  );
  return { listedByKey, readBySignature, forgedSignature };
}

async function large(): Promise<object> {
  const bytes = randomBytes(9 * 1024 * 1024);
  const service = new BlobServiceClient(blobs, credential);
  const container = service.getContainerClient('large');
  await container.createIfNotExists();
  await container.getBlockBlobClient('from').uploadStream(Readable.from([bytes]), 4 * 1024 * 1024, 2);
  const streamedBack = (await container.getBlobClient('from').downloadToBuffer()).equals(bytes);
  const [startsOn, expiresOn] = [new Date(Date.now() - 60_000), new Date(Date.now() + 60_000)];
  const delegation = await service.getUserDelegationKey(startsOn, expiresOn);
  const permissions = BlobSASPermissions.parse('r');
  const wanted = { containerName: 'large', blobName: 'from', permissions, startsOn, expiresOn };
  const sas = generateBlobSASQueryParameters(wanted, delegation, account).toString();
  const copy = container.getBlockBlobClient('to');
  await copy.stageBlockFromURL('AAAA', `${blobs}/large/from?${sas}`, 0, bytes.length);
  await copy.commitBlockList(['AAAA']);
  return { streamedBack, copied: (await copy.downloadToBuffer()).equals(bytes) };
}
