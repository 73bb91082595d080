import { formOf } from './forms.js';
import type { Json } from '../support/json.js';

/** Fields whose value is one of a few words, and must be the recorded one. */
const WORDS = new Set(
  `code type status provisioningState computeType jobType jobInputType jobOutputType mode credentialsType
  credentialType secretsType datastoreType dataType modelType allocationState vmPriority vmSize identityType jobLimitsType
  jobTier priority distributionType environmentType osType stage autoRebuild jobServiceType pendingUploadType
  serviceDataAccessAuthIdentity runType targetType orchestrator attribution remoteLoginPortPublicAccess state
  operationName operationStatus operationTrigger sshPublicAccess applicationSharingPolicy isolationMode kind protocol
  computeInstanceAuthorizationType publicNetworkAccess condaFile version latestVersion name severity unit
  nodeIdleTimeBeforeScaleDown timeout shmSize`.split(/\s+/),
);

/** Numbers that say what a client asked for or what state a thing is in; others differ from run to run. */
const NUMBERS = /(NodeCount|percentComplete|instanceCount|processCountPerInstance|currentAttemptId)$/;

/** Names of people and principals, which masks replaced. */
const PEOPLE = /^(createdBy|lastModifiedBy)$/;

/** Maps whose names differ from run to run: only their values are compared. */
const FREE_MAPS = new Set(['logFiles', 'sizes']);

/** Lists in which every entry has the same shape, and of which the recording holds only some. */
const SAMPLED = /\/(usages|quotas|vmSizes)$/i;

/**
 * Compares an answer with the recorded one: the same fields everywhere, the same types (null is a type of its own),
 * the same words where words are few, ids and addresses of the same form. What people may choose and what masks hide
 * is compared by type.
 *
 * @param path of the request, which tells lists that were trimmed
 * @returns one sentence a difference; none when they match
 */
export function differences(recorded: Json, answered: Json, path: string): string[] {
  return differ(recorded, answered, { at: 'body', key: '', sampled: SAMPLED.test(path) });
}

interface Place {
  at: string;
  /** Name of the field. */
  key: string;
  sampled: boolean;
}

function differ(recorded: Json, answered: Json, place: Place): string[] {
  if (isOmitted(recorded)) return answered === null || answered === undefined ? [`${place.at} is empty`] : [];
  const [wanted, given] = [typeOf(recorded), typeOf(answered)];
  if (wanted !== given) return [`${place.at}: ${show(recorded)} recorded, ${show(answered)} answered`];
  if (wanted === 'list') return differLists(recorded, answered, place);
  if (wanted === 'object') return differObjects(recorded, answered, place);
  const mustEqual =
    wanted === 'boolean' ||
    (wanted === 'number' && NUMBERS.test(place.key)) ||
    (wanted === 'text' && WORDS.has(place.key) && recorded !== 'Sanitized' && !place.sampled);
  const isAny = wanted !== 'text' || PEOPLE.test(place.key);
  const same = mustEqual ? recorded === answered : isAny || sameText(recorded, answered);
  return same ? [] : [`${place.at}: ${show(recorded)} recorded, ${show(answered)} answered`];
}

function differObjects(recorded: Json, answered: Json, place: Place): string[] {
  if (FREE_MAPS.has(place.key)) {
    const [one] = Object.values(recorded);
    return Object.values(answered).flatMap((each) => (one === undefined ? [] : differ(one, each, place)));
  }
  const missing = Object.keys(recorded).filter((key) => !(key in answered));
  const surplus = Object.keys(answered).filter((key) => !(key in recorded));
  return [
    ...missing.map((key) => `${place.at}.${key} is missing`),
    ...surplus.map((key) => `${place.at}.${key} was not recorded`),
    ...Object.keys(recorded)
      .filter((key) => key in answered)
      .flatMap((key) => differ(recorded[key], answered[key], { ...place, at: `${place.at}.${key}`, key })),
  ];
}

function differLists(recorded: Json[], answered: Json[], place: Place): string[] {
  if (place.sampled || place.key === 'applications') return differSampled(recorded, answered, place);
  // What a workspace is born with may stand in a list beside what the recording made or found.
  const named = recorded.every((item) => typeof item?.name === 'string' && typeof item.id === 'string');
  const shown = named && place.key === 'value' ? answered.filter((item) => isAmong(item, recorded)) : answered;
  if (shown.length !== recorded.length)
    return [`${place.at}: ${recorded.length} entries recorded, ${shown.length} answered`];
  return recorded.flatMap((item, index) => differ(item, shown[index], { ...place, at: `${place.at}[${index}]` }));
}

/** Every recorded entry has one of its shape in the answer. */
function differSampled(recorded: Json[], answered: Json[], place: Place): string[] {
  return recorded.flatMap((item, index) => {
    const closest = answered
      .map((each) => differ(item, each, { ...place, at: `${place.at}[${index}]` }))
      .sort((left, right) => left.length - right.length)[0];
    return closest ?? [`${place.at}: nothing answered`];
  });
}

const BORN = /\/datastores\/workspace(blobstore|artifactstore|filestore|workingdirectory)$/;

function isAmong(item: Json, recorded: Json[]): boolean {
  return !BORN.test(item.id) || recorded.some(({ name }) => name === item.name);
}

function sameText(recorded: string, answered: string): boolean {
  if (recorded.startsWith('Sanitized') || recorded === answered) return true;
  const [left, right] = [asObject(recorded), asObject(answered)];
  if (left !== undefined || right !== undefined)
    return JSON.stringify(Object.keys(left ?? {})) === JSON.stringify(Object.keys(right ?? {}));
  return formOf(recorded) === formOf(answered);
}

function asObject(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

// The collector left long values out; of what kind they were is not known.
function isOmitted(recorded: Json): boolean {
  return typeof recorded === 'string' && recorded.startsWith('<<omitted by the collector');
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  return value === undefined ? 'nothing' : typeof value;
}

function show(value: Json): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 70 ? `${text.slice(0, 67)}...` : text;
}
