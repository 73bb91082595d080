import type { Stamps } from './systemData.js';

/** The kinds of storage that a datastore may name; jobs reach those on Blob only. */
export type DatastoreType = 'AzureBlob' | 'AzureFile' | 'AzureDataLakeGen1' | 'AzureDataLakeGen2';

/** A datastore: a name for a place in a storage account and the way in. What its type has not is null. */
export interface Datastore extends Stamps {
  name: string;
  datastoreType: DatastoreType;
  description: string | null;
  tags: Record<string, string | null> | null;
  properties: Record<string, string | null> | null;
  isDefault: boolean;
  subscriptionId: string | null;
  resourceGroup: string | null;
  accountName: string | null;
  /** Of AzureBlob. */
  containerName: string | null;
  /** Of AzureFile. */
  fileShareName: string | null;
  /** Of AzureDataLakeGen2. */
  filesystem: string | null;
  /** Of AzureDataLakeGen1. */
  storeName: string | null;
  endpoint: string;
  protocol: string;
  serviceDataAccessAuthIdentity: string;
  /** What may be shown of the credentials, `credentialsType` last. */
  credentials: Record<string, string> & { credentialsType: string };
  /** What the client handed over; never echoed but by listSecrets. */
  secrets: Record<string, string> | null;
}
