import type { Instance } from '../../entities/instance.js';
import { PERSON_ID } from '../../options.js';
import { timestamp } from '../../timestamps.js';
import type { World } from '../../world.js';
import { computeResource } from '../envelope.js';

const SSH_PORT = 50_000;
const RUNTIME = '3.0.02755.0006';
const IMAGE = '24.06.10';

/** The answer to a PUT of a compute instance: next to nothing is known of it yet. */
export function acceptedInstance(world: World, instance: Instance, isNew: boolean): object {
  return computeResource(world, instance, 'ComputeInstance', isNew ? 'new' : 'there', {
    ...head(instance, null),
    errors: null,
    connectivityEndpoints: null,
    applications: null,
    state: null,
    lastOperation: null,
    ...owner(world, instance, null),
    ...since2023(instance),
    ...tail(null, null, null),
  });
}

/** The answer to a GET. Its addresses lead nowhere: there is no machine. */
export function instanceBody(world: World, instance: Instance): object {
  if (instance.provisioningState === 'Creating' && instance.lastOperation.name === 'Create')
    return acceptedInstance(world, instance, false);
  const base = `https://${instance.name}.${world.options.region}.instances.azureml.ms`;
  const { lastOperation, isModern, state } = instance;
  return computeResource(world, instance, 'ComputeInstance', 'there', {
    ...head(instance, {
      sshPublicAccess: instance.sshPublicAccess,
      adminUserName: 'azureuser',
      sshPort: SSH_PORT,
      adminPublicKey: null,
    }),
    errors: [],
    connectivityEndpoints: { publicIpAddress: '203.0.113.10', privateIpAddress: '10.0.0.4' },
    applications: [
      { displayName: 'Jupyter', endpointUri: `${base}/tree/` },
      { displayName: 'Jupyter Lab', endpointUri: `${base}/lab` },
    ],
    state,
    lastOperation: {
      operationName: lastOperation.name,
      operationTime: timestamp(new Date(lastOperation.at)),
      operationStatus: lastOperation.status,
      operationTrigger: 'User',
    },
    ...owner(world, instance, instance.applicationSharingPolicy),
    schedules: { computeStartStop: [] },
    ...since2023(instance),
    ...tail({ runtime: RUNTIME }, [], {
      currentImageVersion: IMAGE,
      latestImageVersion: IMAGE,
      isLatestOsImageVersion: true,
      ...(isModern ? { osPatchingStatus: null } : {}),
    }),
  });
}

function head(instance: Instance, sshSettings: object | null): object {
  return {
    vmSize: instance.vmSize.toUpperCase(),
    ...(instance.isModern ? { imageVersion: null } : {}),
    subnet: instance.subnet,
    sshSettings,
    autologgerSettings: null,
  };
}

function owner(world: World, instance: Instance, applicationSharingPolicy: string | null): object {
  return {
    createdBy: { userOrgId: world.options.tenant, userId: PERSON_ID },
    applicationSharingPolicy,
    computeInstanceAuthorizationType: instance.authorizationType,
    personalComputeInstanceSettings: instance.personalSettings,
    setupScripts: instance.setupScripts,
  };
}

// Azure PowerShell's recording Get-AzMLWorkspaceCompute (2024-07) has them.
function since2023(instance: Instance): object {
  const { isModern, enableNodePublicIp, idleTimeBeforeShutdown } = instance;
  const idle = idleTimeBeforeShutdown === null ? {} : { idleTimeBeforeShutdown };
  if (!isModern) return idle;
  return {
    ...idle,
    enableNodePublicIp,
    enableBatchPrivateLink: false,
    enableOSPatching: false,
    releaseQuotaOnStop: false,
    enableSSO: true,
  };
}

function tail(versions: object | null, customServices: object[] | null, osImageMetadata: object | null): object {
  const never = { dataMounts: null, dataDisks: null, containers: null, updateStatus: null };
  return { ...never, versions, customServices, osImageMetadata };
}
