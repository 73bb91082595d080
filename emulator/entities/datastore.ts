import type { Stamps } from './systemData.js';

/** A datastore: a name for a Blob container and the key to it. */
export interface Datastore extends Stamps {
  name: string;
  datastoreType: string;
  description: string | null;
  tags: Record<string, string> | null;
  isDefault: boolean;
  accountName: string;
  containerName: string;
  endpoint: string;
  protocol: string;
  serviceDataAccessAuthIdentity: string;
  credentialsType: string;
  /** What the client handed over; never echoed but by listSecrets. */
  secrets: Record<string, string> | null;
}
