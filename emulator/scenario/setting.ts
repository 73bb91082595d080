import { Capacity } from '../capacity/capacity.js';
import { CapacityWindows } from '../capacity/windows.js';
import { Background } from '../evictions/background.js';
import { evict } from '../faces/evict.js';
import { Past } from '../faults/past.js';
import { UploadFaults } from '../faults/uploads.js';
import { Limits } from '../limits/limits.js';
import { workspacePath, type World } from '../world.js';
import { Scenario } from './scenario.js';
import { Scripts, type Script } from './scripts.js';

type Base = Pick<World, 'options' | 'clock' | 'log' | 'store'>;
type Setting = Pick<World, 'scenario' | 'capacity' | 'uploadFaults' | 'past' | 'limits'>;

/** What scenarios act through, before there is a world to act upon. @param worldOf the world, once there is one */
export function createSetting(base: Base, worldOf: () => World): Setting {
  const { options, clock, log, store } = base;
  const scripts = new Scripts(store.collection<Script>('scripts'), clock);
  const stage = {
    jobsOnNodes: () => worldOf().jobs.onNodes(),
    evict: (job: string, eviction: Parameters<typeof evict>[2]) => evict(worldOf(), job, eviction),
  };
  return {
    scenario: new Scenario(scripts, clock, log, stage),
    capacity: new Capacity(scripts, `https://portal.azure.com/#resource${workspacePath(base)}/quotaUsage`),
    uploadFaults: new UploadFaults(scripts, clock, log),
    past: new Past(store, scripts, clock),
    limits: new Limits(options.rateLimits),
  };
}

/** Has scenarios act upon the world from now on. @returns what is to be told of machines that have come */
export function setGoing(world: World): Background {
  const { scripts } = world.scenario;
  const windows = new CapacityWindows(scripts, world.clock, world.clusters);
  const background = new Background(world);
  scripts.onChange(() => {
    windows.arm();
    background.arm();
    world.past.arm();
  });
  return background;
}
