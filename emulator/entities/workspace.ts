/** The workspace of this emulator: what may be changed in it, and whether it was deleted. */
export interface Workspace {
  createdAt: string;
  modifiedAt: string;
  /** Until the next start of the emulator, which brings it back. */
  deleted: boolean;
  tags: Record<string, string | null>;
  identity: { type: string; userAssignedIdentities?: object };
  kind: string;
  /** Properties as they are answered. */
  friendlyName: string;
  description: string;
  applicationInsights: string | null;
  /** Not answered where there is none. */
  containerRegistry: string | null;
  imageBuildCompute: string | null;
  publicNetworkAccess: string;
  primaryUserAssignedIdentity: string | null;
  v1LegacyMode: boolean;
  enableDataIsolation: boolean;
}
