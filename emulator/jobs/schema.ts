import { z } from 'zod';

const text = z.string().nullish();
const count = z.number().int().min(1).nullish();
const words = z.record(z.string(), z.string().nullable()).nullish();
const anything = z.looseObject({}).nullish();

const input = z.object({
  jobInputType: z.string(),
  uri: text,
  mode: text,
  value: z.coerce.string().nullish(),
  description: text,
  pathOnCompute: text,
});

const output = z.object({
  jobOutputType: z.string(),
  uri: text,
  mode: text,
  assetName: text,
  assetVersion: text,
  description: text,
  pathOnCompute: text,
  autoDeleteSetting: anything,
});

/** What the emulator heeds of a command job's properties; members that an api-version does not know were refused before. */
export const jobProperties = z.object({
  jobType: z.string(),
  command: text,
  environmentId: text,
  codeId: text,
  computeId: text,
  componentId: text,
  displayName: text,
  experimentName: text,
  description: text,
  tags: words,
  properties: words,
  isArchived: z.boolean().nullish(),
  environmentVariables: z.record(z.string(), z.string()).nullish(),
  identity: anything,
  notificationSetting: anything,
  autologgerSettings: anything,
  inputs: z.record(z.string(), input).nullish(),
  outputs: z.record(z.string(), output).nullish(),
  distribution: z.object({ distributionType: z.string(), processCountPerInstance: count }).nullish(),
  limits: z.object({ timeout: text }).nullish(),
  resources: z
    .object({
      instanceCount: count,
      maxInstanceCount: count,
      instanceType: text,
      locations: z.array(z.string()).nullish(),
      properties: anything,
      shmSize: text,
      dockerArgs: text,
      dockerArgsList: z.array(z.string()).nullish(),
    })
    .nullish(),
  queueSettings: z.object({ jobTier: text, priority: z.number().int().nullish() }).nullish(),
});

export type JobProperties = z.infer<typeof jobProperties>;
