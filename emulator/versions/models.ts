import members from './members.json' with { type: 'json' };
import { CORRECTIONS, READ_AS, type Correction } from './overlay.js';

/** [first version, last version, model of the value or '', with a star for a list or map of it]; versions as indexes. */
type Span = [number, number, string];

interface Model {
  /** The member that tells the kind, and the model of each kind. */
  by?: string;
  kinds?: Record<string, string>;
  members: Record<string, Span[]>;
}

/** A member of a model at one api-version. */
export interface Member {
  /** Name of the model of its value; null for plain values. */
  model: string | null;
  /** Whether it is a list or map of them. */
  many: boolean;
}

const VERSIONS = members.versions;
const MODELS = corrected(members.models as unknown as Record<string, Model>);

/** Every api-version that is served, oldest first. */
export const API_VERSIONS: readonly string[] = [...VERSIONS, ...Object.keys(READ_AS)].sort();

/**
 * One api-version's view of the models that requests and answers are made of.
 *
 * Source: `members.json`, made by test/emulator/versions/members.py from the models inside azure-ai-ml, and `overlay.ts`.
 */
export class Models {
  private constructor(private readonly index: number) {}

  /** @returns undefined for an api-version that is not served */
  static of(apiVersion: string): Models | undefined {
    const index = VERSIONS.indexOf(READ_AS[apiVersion] ?? apiVersion);
    return index < 0 ? undefined : new Models(index);
  }

  /** The model of a value: of its kind where a member tells the kind, else the one that is named. Undefined when unknown. */
  resolve(name: string, value: object): { name: string; polymorphic: boolean } | undefined {
    const model = MODELS[name];
    if (model === undefined) return undefined;
    if (model.by === undefined) return { name, polymorphic: false };
    const kind = (value as Record<string, unknown>)[model.by];
    const found = model.kinds?.[String(kind)];
    return found === undefined ? undefined : { name: found, polymorphic: true };
  }

  /** The member of a model; null when this api-version does not know it, undefined when none does. */
  member(model: string, name: string): Member | null | undefined {
    const known = MODELS[model]?.members;
    const spans = known !== undefined && Object.hasOwn(known, name) ? known[name] : undefined;
    if (spans === undefined) return undefined;
    const span = spans.find(([first, last]) => first <= this.index && this.index <= last);
    if (span === undefined) return null;
    const many = span[2].endsWith('*');
    const value = many ? span[2].slice(0, -1) : span[2];
    return { model: value === '' ? null : value, many };
  }
}

function corrected(models: Record<string, Model>): Record<string, Model> {
  const result = structuredClone(models);
  for (const correction of CORRECTIONS) {
    const model = result[correction.model];
    if (model === undefined) throw new Error(`overlay.ts corrects the model ${correction.model}, which is not there.`);
    const kind = model.members[correction.member]?.at(-1)?.[2] ?? '';
    model.members[correction.member] = correction.absent === true ? [] : [[...range(correction), kind]];
  }
  for (const [one, other] of renamed(result)) {
    Object.assign(one.members, { ...other.members, ...one.members });
    Object.assign(other.members, { ...one.members, ...other.members });
  }
  return result;
}

/**
 * Models that the value of one member has at different api-versions are one model renamed (`JobBaseDetails`, since 2022
 * `JobBaseProperties`): each has to know the members of the other, or those would pass for members that no version has.
 */
function renamed(models: Record<string, Model>): [Model, Model][] {
  const spans = Object.values(models).flatMap(({ members: of }) => Object.values(of));
  const chains = spans.map((each) => each.map(([, , value]) => models[value.replace('*', '')]));
  return chains.flatMap((chain) =>
    chain.slice(1).flatMap((model, index): [Model, Model][] => {
      const before = chain[index];
      return model === undefined || before === undefined || model === before ? [] : [[before, model]];
    }),
  );
}

function range({ from, to }: Correction): [number, number] {
  const first = from === null ? 0 : VERSIONS.findIndex((version) => version >= from);
  const last = to === null ? VERSIONS.length - 1 : VERSIONS.findLastIndex((version) => version <= to);
  return [first, last];
}
