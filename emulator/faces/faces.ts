import { canceled } from './canceled.js';
import { crashed } from './crashed.js';
import type { Face } from './face.js';
import { failed } from './failed.js';
import { hang } from './hang.js';
import { notResponding } from './notResponding.js';
import { requeued } from './requeued.js';

/** Every face of a preemption, by name. */
export const FACES = { failed, requeued, canceled, hang, crashed, notResponding } as const satisfies Record<
  string,
  Face
>;

export type FaceName = keyof typeof FACES;

export const FACE_NAMES = Object.keys(FACES) as [FaceName, ...FaceName[]];

/** The faces that `mixed` draws from. */
export const TAKING_FACES = FACE_NAMES.filter((name) => FACES[name].takesNodes) as [FaceName, ...FaceName[]];
