import { canceled } from './canceled.js';
import type { Face } from './face.js';
import { failed } from './failed.js';
import { hang } from './hang.js';
import { requeued } from './requeued.js';

/** Every face of a preemption, by name. */
export const FACES = { failed, requeued, canceled, hang } as const satisfies Record<string, Face>;

export type FaceName = keyof typeof FACES;

export const FACE_NAMES = Object.keys(FACES) as [FaceName, ...FaceName[]];
