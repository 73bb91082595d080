import { timestamp } from '../timestamps.js';

/** Who made or changed an entity: the person at the client, the service itself, or nobody that it knows of. */
export type Author = 'person' | 'service' | null;

/** When an entity was made and last changed (ISO times), and by whom; by the person at the client unless it says so. */
export interface Stamps {
  createdAt: string;
  modifiedAt: string;
  createdBy?: Author;
  modifiedBy?: Author;
}

const AUTHORS = {
  person: { by: 'Local User', type: 'User' },
  service: { by: '00000000-0000-0000-0000-0000000000dd', type: 'Application' },
} as const;

/** The `systemData` of an asset or datastore. */
export function systemData(stamps: Stamps): object {
  const { createdBy = 'person', modifiedBy = 'person' } = stamps;
  return {
    createdAt: timestamp(new Date(stamps.createdAt)),
    ...(createdBy === null ? {} : { createdBy: AUTHORS[createdBy].by, createdByType: AUTHORS[createdBy].type }),
    lastModifiedAt: timestamp(new Date(stamps.modifiedAt)),
    ...(modifiedBy === null
      ? {}
      : { lastModifiedBy: AUTHORS[modifiedBy].by, lastModifiedByType: AUTHORS[modifiedBy].type }),
  };
}

/** The `systemData` of a job, which only says how it came to be. */
export function creationData(createdAt: string): object {
  const { by, type } = AUTHORS.person;
  return { createdAt: timestamp(new Date(createdAt)), createdBy: by, createdByType: type };
}
