import { P, type Answer } from '../../support/service.js';
import { until } from '../../support/until.js';
import type { Tourist } from './tourist.js';

const HISTORY = `/history/v1.0${P}`;

/** Jobs that complete, fail, are canceled and are refused, and what run history tells of them. */
export async function tourJobs(ask: Tourist): Promise<void> {
  await ask('PUT', '/jobs/tour', {
    properties: command('cat "${{inputs.data}}"/* > "${{outputs.out}}/copy" || true; echo done'),
  });
  await ask('PUT', '/jobs/tour-failed', {
    properties: { ...command('echo sorry; exit 3'), resources: { instanceCount: 1 } },
  });
  const local = { computeId: null, distribution: null, resources: { properties: { IsLocal: {} } } };
  await ask('PUT', '/jobs/tour-local', { properties: { ...command('true'), ...local } });
  await ask('GET', '/jobs/tour-local');
  await ask('PUT', '/jobs/tour-serverless', { properties: { ...command('true'), computeId: null } });
  await ask('PUT', '/jobs/tour-waits', { properties: { ...command('true'), computeId: `${P}/computes/empty` } });
  await ask('GET', '/jobs/tour');
  await ask('GET', '/jobs?$top=2');
  await ask('GET', '/jobs?tag=of=tour&listViewType=All');
  for (const name of ['tour', 'tour-failed', 'tour-serverless']) await ended(ask, name);
  await ask('PUT', '/jobs/tour', {
    properties: {
      ...command('cat "${{inputs.data}}"/* > "${{outputs.out}}/copy" || true; echo done'),
      tags: { of: 'another tour' },
    },
  });
  await ask('PUT', '/jobs/tour', { properties: command('something else') });
  await ask('PUT', '/jobs/tour-refused', { properties: { ...command('true'), colour: 'red' } });
  await ask('PUT', '/jobs/-', { properties: command('true') });
  await ask('GET', '/jobs/nowhere');
  await ask('POST', '/jobs/tour/cancel');
  await ask('POST', '/jobs/nowhere/cancel');
  await tourHistory(ask);
  await ask('PUT', '/jobs/tour-canceled', { properties: command('sleep 60') });
  await tourOperation(ask, await ask('POST', '/jobs/tour-canceled/cancel'));
  await ended(ask, 'tour-canceled');
  await tourOperation(ask, await ask('DELETE', '/jobs/tour-canceled'));
}

function command(text: string): Record<string, unknown> {
  const uri = (path: string): string => `azureml://datastores/workspaceblobstore/paths/tour/${path}`;
  return {
    jobType: 'Command',
    displayName: 'a tour',
    experimentName: 'tour',
    description: 'of the tour',
    tags: { of: 'tour' },
    properties: { 'tour.of': 'all routes' },
    command: text,
    environmentId: `${P}/environments/tour/versions/1`,
    computeId: `${P}/computes/tour`,
    environmentVariables: { TOUR: 'yes' },
    inputs: {
      data: { jobInputType: 'uri_folder', mode: 'Download', uri: uri('in') },
      rate: { jobInputType: 'literal', value: '0.1' },
    },
    outputs: { out: { jobOutputType: 'uri_folder', mode: 'Upload', uri: uri('out') } },
    distribution: { distributionType: 'PyTorch', processCountPerInstance: 1 },
    resources: { instanceCount: 2, shmSize: '2g' },
    limits: { jobLimitsType: 'Command', timeout: 'PT1H' },
    identity: { identityType: 'AMLToken' },
    queueSettings: { jobTier: 'Standard' },
  };
}

async function tourHistory(ask: Tourist): Promise<void> {
  for (const base of ['', '/experiments/tour', '/experimentids/tour']) {
    const run = `${HISTORY}${base}/runs/tour`;
    for (const part of ['', '/details', '/children', '/artifacts']) await ask('GET', `${run}${part}`);
    await ask('GET', `${run}/artifacts/contentinfo?path=user_logs/std_log_process_0.txt`);
    await ask('GET', `${run}/artifacts/prefix/contentinfo?path=user_logs`);
  }
  await ask('GET', `${HISTORY}/runs/tour-failed/details`);
  await ask('GET', `${HISTORY}/runs/tour-waits`);
  await ask('GET', `${HISTORY}/runs/nowhere`);
  await ask('POST', `${HISTORY}/rundata`, { runId: 'tour', selectRunMetadata: true });
  await ask('POST', `${HISTORY}/rundata`, { runId: 'tour', selectRunDefinition: true, selectJobSpecification: true });
  await tourMetrics(ask);
  const { outputs } = (await ask('GET', `${HISTORY}/runs/tour/details`)).json;
  const values = Object.values(outputs as Record<string, { assetId: string }>).map(({ assetId }) => assetId);
  await ask('POST', `/data/v1.0${P}/dataversion/batchGetResolvedUris`, { values });
}

async function tourMetrics(ask: Tourist): Promise<void> {
  const metrics = `/metric/v2.0${P}/runs/tour`;
  const value = [{ step: 1, data: { loss: 1.5 } }];
  await ask('POST', `${metrics}/batch`, { values: [{ name: 'loss', columns: { loss: 'Double' }, value }] });
  for (const what of ['list', 'lastvalues']) await ask('POST', `${metrics}/${what}`, {});
  for (const what of ['full', 'sample']) await ask('POST', `${metrics}/${what}`, { metricName: 'loss' });
}

async function tourOperation(ask: Tourist, { headers }: Answer): Promise<void> {
  const { pathname } = new URL(String(headers['location']));
  await until('the operation to end', async () => (await ask('GET', pathname)).status === 200, 60_000);
}

function ended(ask: Tourist, job: string): Promise<unknown> {
  const isEnded = async (): Promise<boolean> =>
    ['Completed', 'Failed', 'Canceled'].includes((await ask('GET', `/jobs/${job}`)).json.properties.status as string);
  return until(`job ${job} to end`, isEnded, 60_000);
}
