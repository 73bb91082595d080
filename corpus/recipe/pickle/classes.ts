import type { Machine } from './machine.js';
import { Class, type Role } from './values.js';

/** Of the old recipe, in whatever module they were when the file was written. */
const ofRecipe: Readonly<Record<string, Role>> = {
  TokenInstance: 'sample',
  PretrainingDataCreator: 'creator',
  GenericPretrainingDataCreator: 'creator',
  WikiPretrainingDataCreator: 'creator',
  WikiNBookCorpusPretrainingDataCreator: 'creator',
};

/** What pickle itself needs in protocols 0 and 1 to make a plain object. */
const ofPickle: Readonly<Record<string, Role>> = {
  'copyreg._reconstructor': 'rebuild',
  'copy_reg._reconstructor': 'rebuild',
  'builtins.object': 'object',
  '__builtin__.object': 'object',
};

/** The class that a pickle names. Nothing is ever imported: a class is a name and what it stands for. */
export function classNamed(machine: Machine, module: string, name: string): Class {
  const role = own(ofPickle, `${module}.${name}`) ?? own(ofRecipe, name);
  if (role !== undefined) return new Class(name, role);
  return machine.refuse(
    `names ${printable(module)}.${printable(name)}, and ${Object.keys(ofRecipe).join(', ')} alone are admitted`,
  );
}

function own(roles: Readonly<Record<string, Role>>, name: string): Role | undefined {
  return Object.hasOwn(roles, name) ? roles[name] : undefined;
}

/** A name as it may stand in a message: it comes from a file that may mean harm. */
function printable(name: string): string {
  return name.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
}
