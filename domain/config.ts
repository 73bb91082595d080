import { z } from 'zod';
import { cluster, clusterIssues } from './config-cluster.js';
import { cost, deadline, forecast, forecastIssues } from './config-money.js';
import { alerts } from './config-alerts.js';
import { data } from './config-data.js';
import { checkpoints, recovery, stopping, watch } from './config-supervision.js';
import { json, name, secretName } from './config-words.js';

/**
 * The run config, declared once: the type, the validation, the published JSON Schema and the text of every field come from here.
 * What the trainer's parameters mean is the recipe's business (`recipes/`): here they are JSON.
 */

const azure = z
  .strictObject({
    cloud: z
      .string()
      .default('AzureCloud')
      .describe(
        'AzureCloud, AzureUSGovernment, AzureChinaCloud, or the name of a cloud file: where the endpoints are.',
      ),
    subscriptionId: z.string().min(1).describe('Azure subscription that holds the workspace.'),
    resourceGroup: z.string().min(1).describe('Resource group of the workspace.'),
    workspace: z.string().min(1).describe('Azure Machine Learning workspace that runs the jobs.'),
  })
  .describe(
    'Which workspace runs the training. Credentials never stand here: they come from the environment of the worker.',
  );

const storage = z
  .strictObject({
    account: z.string().min(3).describe('Storage account that holds data, checkpoints and reports of the run.'),
    container: z.string().min(3).describe('Blob container in it; runs/ and data/ lie at its top.'),
    datastore: z
      .string()
      .regex(/^[a-zA-Z0-9_]+$/, 'a datastore name may hold letters, digits and "_"')
      .describe('Name under which the container is registered in the workspace; one that points elsewhere is refused.'),
    sasEnv: secretName('SAS')
      .optional()
      .describe(
        'Name of the environment variable of the workers with a SAS of the container (read, add, create, write, delete, list) that the datastore is registered with; absent: jobs come with the identity of their cluster. NAME_FILE may name a file instead.',
      ),
    keyEnv: secretName('account key')
      .optional()
      .describe('The same with the key of the account. A datastore that exists keeps what it has.'),
  })
  .refine((s) => s.sasEnv === undefined || s.keyEnv === undefined, { message: 'say either sasEnv or keyEnv' })
  .describe('Where everything of the run is kept.');

const environment = z
  .strictObject({
    name: name('an environment name').describe(
      'Name of the workspace environment. Its version is the hash of its content, unless `version` names one that exists.',
    ),
    version: z
      .string()
      .min(1)
      .optional()
      .describe('Version of an environment that the workspace has: it is used as it is, and nothing is built.'),
    image: z.string().min(1).optional().describe('Docker image the requirements are installed on.'),
    requirements: z.string().min(1).optional().describe('pip requirements file, a path relative to the installation.'),
  })
  .refine((e) => [e.image, e.requirements].every((one) => (one === undefined) === (e.version !== undefined)), {
    message: 'name image and requirements of an environment to be made, or the version of one that exists',
  })
  .describe('What the nodes run in.');

const trainer = z
  .strictObject({
    recipe: z.string().min(1).describe('Which recipe checks the parameters: bert, or none for a trainer of your own.'),
    code: z.string().min(1).describe('Folder uploaded as the code asset, relative to the installation.'),
    command: z
      .string()
      .min(1)
      .describe(
        'Command of a job; ${{inputs.config}}, ${{inputs.data}}, ${{outputs.run}} are expanded by Azure ML, {run}, {phase}, {attempt} by bertha.',
      ),
    resumeArgument: z
      .string()
      .default('--resume ${{inputs.resume}}')
      .describe('Appended where an attempt continues from a checkpoint.'),
    initArgument: z
      .string()
      .default('--init ${{inputs.init}}')
      .describe("Appended where a phase begins with an earlier phase's model."),
    environmentVariables: z.record(z.string(), z.string()).default({}).describe('Environment variables of the job.'),
    worldSizeMayChange: z
      .boolean()
      .optional()
      .describe(
        'True where it goes on from a checkpoint with another number of processes and the same global batch, as the trainer of bertha does; else all clusters must have the same number.',
      ),
    parameters: json
      .default({})
      .describe('Parameters common to all phases, checked by the recipe and handed to the trainer as JSON.'),
  })
  .describe('What trains.');

const phase = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[a-z0-9]+$/,
        'a phase name may hold lower-case letters and digits: "-" separates it from the run in job names',
      )
      .max(16)
      .describe('Short name, part of every job name: p1, p2.'),
    steps: z.int().min(1).describe('Optimizer steps of the phase.'),
    globalBatch: z.int().min(1).describe('Samples per optimizer step over all processes.'),
    microBatch: z.int().min(1).describe('Samples per process and forward pass; the rest is gradient accumulation.'),
    initFrom: name('a phase name').optional().describe('Earlier phase whose final model this one begins with.'),
    parameters: json.default({}).describe('Parameters of this phase, laid over trainer.parameters.'),
  })
  .describe('One training schedule.');

const model = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/)
      .describe('Name under which the trained model is registered.'),
  })
  .describe('What comes out.');

/** Schema of a run config (YAML). Unknown fields are refused. */
export const runConfigSchema = z
  .strictObject({
    name: z.string().min(1).max(200).describe('Name of the run, used once: workflow id and folder name come from it.'),
    azure,
    storage,
    data,
    cluster,
    environment,
    trainer,
    phases: z.array(phase).min(1).describe('The training schedules, in order.'),
    checkpoints,
    watch,
    recovery,
    stopping,
    cost,
    deadline,
    alerts,
    forecast,
    model,
  })
  .superRefine((config, context) => {
    const issues = [...forecastIssues(config), ...clusterIssues(config)];
    for (const issue of issues) context.addIssue(issue);
    config.phases.forEach((p, index) => {
      const earlier = config.phases.slice(0, index).map((other) => other.name);
      if (earlier.includes(p.name)) {
        context.addIssue({
          code: 'custom',
          path: ['phases', index, 'name'],
          message: `phase "${p.name}" stands twice; give each phase its own name`,
        });
      }
      if (p.initFrom !== undefined && !earlier.includes(p.initFrom)) {
        context.addIssue({
          code: 'custom',
          path: ['phases', index, 'initFrom'],
          message: `"${p.initFrom}" is not an earlier phase`,
        });
      }
    });
  })
  .describe('A bertha run.');

export type RunConfig = z.output<typeof runConfigSchema>;
export type PhaseConfig = RunConfig['phases'][number];
export type AzureTarget = RunConfig['azure'];
export type StorageTarget = RunConfig['storage'];

/** Training processes of a job of this config: nodes x processes per node. */
export function worldSize(config: RunConfig): number {
  return config.cluster.nodes * config.cluster.processesPerNode;
}

/** Forward passes per optimizer step and process; whole by validation. */
export function accumulation(config: RunConfig, phase: PhaseConfig): number {
  return phase.globalBatch / (phase.microBatch * worldSize(config));
}
