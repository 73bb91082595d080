/** An input of a job as the service keeps it, defaults filled in. */
export interface JobInput {
  description: string | null;
  jobInputType: string;
  /** Where the data lies; null for a literal. */
  uri: string | null;
  mode: string | null;
  pathOnCompute: string | null;
  /** The value of a literal. */
  value?: string;
}

/** An output of a job as the service keeps it. */
export interface JobOutput {
  description: string | null;
  jobOutputType: string;
  /** Where the data goes; null means a folder of the job's own in the default datastore. */
  uri: string | null;
  mode: string;
  assetName: string | null;
  assetVersion: string | null;
  pathOnCompute: string | null;
  autoDeleteSetting: object | null;
}

/** The machines that a job asks for. */
export interface JobResources {
  instanceCount: number;
  maxInstanceCount: number | null;
  instanceType: string | null;
  locations: string[] | null;
  properties: object | null;
  /** null for a job that its client runs itself. */
  shmSize: string | null;
  dockerArgs: string | null;
  dockerArgsList: string[] | null;
}

/** What a client asked for, normalised: every optional value present. */
export interface JobRequest {
  description: string | null;
  tags: Record<string, string | null>;
  properties: Record<string, string | null>;
  displayName: string;
  experimentName: string;
  isArchived: boolean;
  computeId: string | null;
  codeId: string | null;
  componentId: string | null;
  environmentId: string;
  command: string;
  identity: object | null;
  notificationSetting: object | null;
  autologgerSettings: object | null;
  environmentVariables: Record<string, string> | null;
  inputs: Record<string, JobInput>;
  outputs: Record<string, JobOutput>;
  distribution: { distributionType: string; processCountPerInstance: number | null } | null;
  limits: { timeout: string | null; jobLimitsType: 'Command' } | null;
  resources: JobResources;
  queueSettings: { jobTier: string | null; priority: number | null } | null;
}

/** Whether the client itself is to run a job, on its own machine. */
export function isLocal({ resources }: JobRequest): boolean {
  return resources.properties !== null && 'IsLocal' in resources.properties;
}

/** Whether the service is to find machines for a job itself. */
export function isServerless(request: JobRequest): boolean {
  return request.computeId === null && !isLocal(request);
}

/** `NotStarted`: a local job that its client has not told to have begun. */
export type JobStatus =
  | 'NotStarted'
  | 'Starting'
  | 'Queued'
  | 'Preparing'
  | 'Running'
  | 'Finalizing'
  | 'CancelRequested'
  | 'Completed'
  | 'Failed'
  | 'Canceled'
  | 'NotResponding';

/** The error of a run, as run history tells it; the ARM resource never does. */
export interface RunError {
  code: string;
  message: string;
  innerCodes: string[];
}

/** A node agent that works for the job: enough to find and end its processes after a crash of the emulator. */
export interface JobNode {
  nodeId: string;
  pid: number;
  /** Start time in clock ticks since boot, from /proc; null where there is none. */
  started: string | null;
}

/** A job and its run. */
export interface Job {
  name: string;
  request: JobRequest;
  status: JobStatus;
  createdAt: string;
  modifiedAt: string;
  runUuid: string;
  runNumber: number;
  experimentId: string;
  /** Starts so far on nodes; 2 after an in-place restart. */
  attempt: number;
  /** Grows with every change of status. */
  revision: number;
  /** Every status with its time, oldest first. */
  history: { status: JobStatus; at: string }[];
  startedAt: string | null;
  lastStartedAt: string | null;
  endedAt: string | null;
  error: RunError | null;
  warnings: string[];
  cancelationReason: string | null;
  nodes: JobNode[];
  /** Artifacts below the run's container, such as `user_logs/std_log.txt`. */
  logs: string[];
}

const TERMINAL: ReadonlySet<JobStatus> = new Set(['Completed', 'Failed', 'Canceled']);

/** Whether a job has come to its end. */
export function isTerminal(status: JobStatus): boolean {
  return TERMINAL.has(status);
}
