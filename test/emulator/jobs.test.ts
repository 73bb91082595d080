import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

import { ContainerClient } from '@azure/storage-blob';

import { blobContainer, startService, P, type Service } from './support/service.js';
import { createCluster, details, inside, jobBody, mounted, reach } from './support/jobs.js';
import { isAlive, stateOf } from './support/processes.js';
import { until } from './support/until.js';

describe('emulator: jobs run for real', function () {
  this.timeout(60_000);
  let service: Service;
  let blobs: ContainerClient;

  before(async () => {
    service = await startService({ storage: true });
    blobs = await blobContainer(service);
    await createCluster(service, 'pair', { scaleSettings: { minNodeCount: 0, maxNodeCount: 4 } });
  });
  after(() => service.stop());

  const put = (name: string, command: string, changes: object = {}): Promise<unknown> =>
    service.call('PUT', `/jobs/${name}`, jobBody('pair', command, changes));
  const text = async (name: string): Promise<string | undefined> => {
    const blob = blobs.getBlobClient(name);
    return (await blob.exists()) ? (await blob.downloadToBuffer()).toString() : undefined;
  };
  const evict = (job: string, face: string, node: number | 'all' = 1): Promise<unknown> =>
    service.call('POST', '/_emulator/evict', { job, node, face });

  it('takes a two-node job with code and inputs from Starting to Completed, and keeps outputs and logs', async () => {
    const upload = await service.call('POST', '/codes/trainer/versions/1/startPendingUpload', {
      pendingUploadType: 'TemporaryBlobReference',
    });
    const { blobUri, credential } = upload.json.blobReferenceForConsumption;
    const tlsOptions = { ca: readFileSync(service.emulator.caFile, 'utf8') };
    const code = new ContainerClient(credential.sasUri, undefined, { tlsOptions } as object);
    await code
      .getBlockBlobClient('src/show.sh')
      .upload('echo "$RANK of $WORLD_SIZE at $MASTER_ADDR: $GREETING $1 $(cat $2) $(cat $3/b)"', 75 + 1);
    await service.call('PUT', '/codes/trainer/versions/1', { properties: { codeUri: `${blobUri}/src` } });
    await blobs.getBlockBlobClient('in/a').upload('file', 4);
    await blobs.getBlockBlobClient('in/folder/b').upload('folder', 6);
    const address = 'azureml://datastores/workspaceblobstore/paths/in';
    await put('whole', 'bash show.sh ${{inputs.n}} ${{inputs.one}} ${{inputs.all}} | tee ${{outputs.out}}/said-$RANK', {
      codeId: `${P}/codes/trainer/versions/1`,
      environmentVariables: { GREETING: 'not ${{inputs.n}}' },
      inputs: {
        n: { jobInputType: 'literal', value: '7' },
        one: { jobInputType: 'uri_file', uri: `${address}/a`, mode: 'Download' },
        all: { jobInputType: 'uri_folder', uri: `${address}/folder`, mode: 'ReadOnlyMount' },
      },
      outputs: { out: mounted('whole') },
    });
    await reach(service, 'whole', 'Completed');
    assert.equal(await text('whole/said-0'), '0 of 2 at 127.0.0.1: not ${{inputs.n}} 7 file folder\n');
    assert.equal(await text('whole/said-1'), '1 of 2 at 127.0.0.1: not ${{inputs.n}} 7 file folder\n');
    const { logFiles } = await details(service, 'whole');
    assert.deepEqual(Object.keys(logFiles), ['user_logs/std_log_process_00.txt', 'user_logs/std_log_process_01.txt']);
    const { history } = await inside(service, 'whole');
    const statuses = history.map(({ status }: { status: string }) => status);
    assert.deepEqual(statuses, ['Starting', 'Queued', 'Preparing', 'Running', 'Finalizing', 'Completed']);
  });

  it('loses an open file and the disk of an evicted node, keeps closed files, and fails with a PreemptionError', async () => {
    const command = [
      'echo $$ > ${{outputs.out}}/pid-$RANK',
      'echo closed > ${{outputs.out}}/closed-$RANK',
      'exec 3> ${{outputs.out}}/open-$RANK; echo half >&3',
      'pwd > ${{outputs.out}}/wd-$RANK',
      'sleep 60',
    ].join('; ');
    await put('evicted', command, { outputs: { out: mounted('evicted') } });
    await until(
      'both nodes to have saved',
      async () => (await text('evicted/wd-0')) !== undefined && (await text('evicted/wd-1')) !== undefined,
    );
    const pids = [await text('evicted/pid-0'), await text('evicted/pid-1')];
    assert.ok(pids.every(isAlive));
    await evict('evicted', 'failed');
    await reach(service, 'evicted', 'Failed');
    assert.equal(await text('evicted/closed-1'), 'closed\n');
    assert.equal(await text('evicted/open-1'), undefined);
    assert.equal(existsSync((await text('evicted/wd-1'))?.trim() ?? ''), false);
    assert.equal(pids.some(isAlive), false);
    const { error } = await details(service, 'evicted');
    assert.match(
      error.error.message,
      /^AzureMLCompute job failed\. PreemptionError: Nodes of this job got pre-empted\./,
    );
  });

  it('lists the evicted node as preempted with the name of its job, and then replaces it', async () => {
    await put('replaced', 'sleep 60');
    await reach(service, 'replaced', 'Running');
    await evict('replaced', 'failed', 0);
    const nodes = (await service.call('POST', '/computes/pair/listNodes')).json.nodes as {
      nodeState: string;
      runId: string | null;
    }[];
    const preempted = nodes.filter(({ nodeState }) => nodeState === 'preempted');
    assert.ok(
      preempted.some(({ runId }) => runId === 'replaced'),
      JSON.stringify(nodes),
    );
    await reach(service, 'replaced', 'Failed');
    await until('the preempted node to go', async () => {
      const { json } = await service.call('GET', '/computes/pair');
      return json.properties.properties.nodeStateCounts.preemptedNodeCount === 0;
    });
  });

  it('starts a requeued job again in place, under the same name, on empty disks, with its output still there', async () => {
    const command =
      'ls ${{outputs.out}} > ${{outputs.out}}/seen-$RANK-$(date +%N); ls > ls-$RANK; test $(cat ${{outputs.out}}/seen-0-* | grep -c seen-0) -gt 0 || sleep 60';
    await put('again', command, { outputs: { out: mounted('again') } });
    await until('the first start to have saved', async () => {
      for await (const blob of blobs.listBlobsFlat({ prefix: 'again/seen-0' })) return blob.name;
      return undefined;
    });
    await evict('again', 'requeued');
    await reach(service, 'again', 'Completed');
    const job = await inside(service, 'again');
    assert.equal(job.attempt, 2);
    const statuses = job.history.map(({ status }: { status: string }) => status);
    assert.deepEqual(statuses.slice(2), [
      'Preparing',
      'Running',
      'Queued',
      'Preparing',
      'Running',
      'Finalizing',
      'Completed',
    ]);
    const run = await details(service, 'again');
    assert.match(run.warnings[0].message, /preempted/);
    assert.ok(Date.parse(run.lastStartTimeUtc) > Date.parse(run.startTimeUtc));
  });

  it('leaves a job Running when a node hangs, with its peers waiting on it, until it is canceled', async () => {
    await put('stuck', 'echo $$ > ${{outputs.out}}/pid-$RANK; sleep 60', { outputs: { out: mounted('stuck') } });
    await until(
      'both nodes',
      async () => (await text('stuck/pid-0')) !== undefined && (await text('stuck/pid-1')) !== undefined,
    );
    await evict('stuck', 'hang', 1);
    const pid = (await text('stuck/pid-1'))?.trim() ?? '';
    await until('the node to stand still', () => stateOf(pid) === 'T');
    assert.equal((await service.call('GET', '/jobs/stuck')).json.properties.status, 'Running');
    await service.arm.jobs.beginCancelAndWait('local', 'local', 'stuck', { updateIntervalInMs: 100 });
    await reach(service, 'stuck', 'Canceled');
    assert.equal(isAlive(pid), false);
  });

  it('ends a job Canceled without a word from its user when capacity does not come back', async () => {
    await put('dropped', 'sleep 60');
    await reach(service, 'dropped', 'Running');
    await evict('dropped', 'canceled', 'all');
    await reach(service, 'dropped', 'Canceled');
    assert.match((await service.call('GET', `/history/v1.0${P}/runs/dropped`)).json.cancelationReason, /no capacity/);
  });

  it('gives a canceled job SIGTERM and the time to save', async () => {
    const command =
      'trap "echo saved > ${{outputs.out}}/last-$RANK; exit 6" TERM; echo on > ${{outputs.out}}/on-$RANK; while :; do sleep 0.1; done';
    await put('saving', command, { outputs: { out: mounted('saving') } });
    await until(
      'both nodes',
      async () => (await text('saving/on-0')) !== undefined && (await text('saving/on-1')) !== undefined,
    );
    const answer = await service.call('POST', '/jobs/saving/cancel');
    assert.equal(answer.status, 202);
    assert.equal(answer.text, 'null');
    await reach(service, 'saving', 'Canceled');
    assert.equal(await text('saving/last-0'), 'saved\n');
    assert.equal(await text('saving/last-1'), 'saved\n');
    assert.equal((await service.call('POST', '/jobs/saving/cancel')).status, 200);
  });

  it('fails a job whose command exits with another code than 0 on any rank, with the last lines of its log', async () => {
    await put('broken', 'test $RANK = 0 && sleep 60; echo the disk is full; exit 3');
    await reach(service, 'broken', 'Failed');
    const { error } = await details(service, 'broken');
    assert.equal(error.error.code, 'UserError');
    assert.match(error.error.message, /^Execution failed\. User process 'bash' exited with status code 3\./);
    assert.match(error.error.message, /user_logs\/std_log_process_01\.txt.*\n?.*the disk is full/);
  });

  it('fails a job whose input is not there, after accepting it', async () => {
    const inputs = {
      data: { jobInputType: 'uri_folder', uri: 'azureml://datastores/workspaceblobstore/paths/nowhere' },
    };
    await put('astray', 'true', { inputs });
    await reach(service, 'astray', 'Failed');
    const { error } = await details(service, 'astray');
    assert.match(
      error.error.message,
      /^Input "data": there is nothing at azureml:\/\/datastores\/workspaceblobstore\/paths\/nowhere/,
    );
  });

  it('cancels a job at its time limit, counted on the fast clock', async () => {
    await put('late', 'sleep 60', { limits: { jobLimitsType: 'Command', timeout: 'PT5S' } });
    await reach(service, 'late', 'Canceled');
    assert.match((await service.call('GET', `/history/v1.0${P}/runs/late`)).json.cancelationReason, /limit of PT5S/);
  });

  it('shows a node what others write below its output while it runs', async () => {
    const command =
      'if test $RANK = 0; then until test -f ${{outputs.out}}/control.json; do sleep 0.05; done; cat ${{outputs.out}}/control.json > ${{outputs.out}}/answer; fi';
    await put('told', command, { outputs: { out: mounted('told') } });
    await reach(service, 'told', 'Running');
    await blobs.getBlockBlobClient('told/control.json').upload('{"stop":1}', 10);
    await reach(service, 'told', 'Completed');
    assert.equal(await text('told/answer'), '{"stop":1}');
  });

  it('does what a scenario says when the upload that it waits for comes', async () => {
    const rule = {
      when: { job: 'play*', blob: '**/heartbeat.json', json: { path: 'step', atLeast: 3 } },
      do: { evict: { node: 1, face: 'failed' } },
    };
    const loaded = await service.call('POST', '/_emulator/scenario', { rules: [rule] });
    assert.equal(loaded.status, 200, loaded.text);
    const command =
      'mkdir -p ${{outputs.out}}/inc; test $RANK = 1 && sleep 60; for i in 1 2 3 4 5 6 7 8 9; do echo "{\\"step\\": $i}" > ${{outputs.out}}/inc/heartbeat.json; sleep 0.5; done; sleep 60';
    await put('play', command, { outputs: { out: mounted('play') } });
    await reach(service, 'play', 'Failed');
    const step = (JSON.parse((await text('play/inc/heartbeat.json')) ?? '{}') as { step: number }).step;
    assert.ok(step >= 3 && step <= 5, `killed at step ${step}`);
    assert.match((await details(service, 'play')).error.error.message, /PreemptionError/);
  });
});
