import { buildStep } from './build.mjs';
import { bundleStep } from './bundle.mjs';
import { environmentStep } from './environment.mjs';
import { linksStep } from './links.mjs';
import { packagesStep } from './packages.mjs';
import { sampleStep } from './sample.mjs';
import { toolsStep } from './tools.mjs';
import { uvStep } from './uv.mjs';

/**
 * What a fresh clone needs, in order. `isDone` is asked on every start and looks at files only; `run` leaves either
 * all of its work, stamped, or something that the next run replaces; `bytes` is the disk space it takes at most.
 * @type {{ name: string, bytes: number, isDone: () => boolean, run: (found: { python: string }) => Promise<void> }[]}
 */
export const steps = [packagesStep, linksStep, buildStep, bundleStep, uvStep, environmentStep, toolsStep, sampleStep];
