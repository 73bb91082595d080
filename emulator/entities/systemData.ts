import { timestamp } from '../timestamps.js';

/** When an entity was made and last changed; ISO times. */
export interface Stamps {
  createdAt: string;
  modifiedAt: string;
}

const PERSON = { by: 'Local User', type: 'User' } as const;

/** The `systemData` of an asset or datastore. */
export function systemData(stamps: Stamps): object {
  return {
    createdAt: timestamp(new Date(stamps.createdAt)),
    createdBy: PERSON.by,
    createdByType: PERSON.type,
    lastModifiedAt: timestamp(new Date(stamps.modifiedAt)),
    lastModifiedBy: PERSON.by,
    lastModifiedByType: PERSON.type,
  };
}

/** The `systemData` of a job, which only says how it came to be. */
export function creationData(createdAt: string): object {
  return { createdAt: timestamp(new Date(createdAt)), createdBy: PERSON.by, createdByType: PERSON.type };
}
