import assert from 'node:assert/strict';
import { type SubmitRequest, jobActivities } from '../../activities/jobs.js';
import { listJobs } from '../../azure/jobs.js';
import { activities, azure, deps, unbound } from './support/deps.js';
import { rawJob, submitRequest } from './support/jobs.js';
import { failure, run } from './support/run.js';
import { losingAnswers } from './support/faults.js';

describe('activities: submitting a job', function () {
  this.timeout(30_000);
  const submit = (request: SubmitRequest) => run(activities.submitJob, request);

  it('creates the job of an attempt once; asked again it adopts the one that is there', async () => {
    const request = await submitRequest('once', 'true');
    assert.deepEqual(await submit(request), { jobName: 'once-p1-a001', adopted: false });
    assert.deepEqual(await submit(request), { jobName: 'once-p1-a001', adopted: true });
    assert.deepEqual(await jobsOf('once'), ['once-p1-a001']);
  });

  it('hands over uri and mode of every input and output, the command with its names filled in, and our tags', async () => {
    const changes = {
      resumeFrom: 'runs/told/p1/attempts/a001/i1/checkpoints/step-000000005',
      initFrom: 'runs/told/p0/c',
      attempt: 2,
    };
    await submit(await submitRequest('told', 'true {run} {phase} {attempt}', changes));
    const { properties } = await rawJob('told-p1-a002');
    const at = (path: string) => `azureml://datastores/bertha/paths/${path}`;
    const inputs = Object.entries(properties.inputs).map(([name, { uri, mode, jobInputType }]) => [
      name,
      uri,
      mode,
      jobInputType,
    ]);
    assert.deepEqual(inputs, [
      ['config', at('runs/told/p1/trainer-a002.json'), 'Download', 'uri_file'],
      ['data', at('data/tiny/0'), 'Download', 'uri_folder'],
      ['resume', at(changes.resumeFrom), 'Download', 'uri_folder'],
      ['init', at(changes.initFrom), 'Download', 'uri_folder'],
    ]);
    const { uri, mode, jobOutputType } = properties.outputs['run'] ?? {};
    assert.deepEqual([uri, mode, jobOutputType], [at('runs/told/p1/attempts/a002'), 'ReadWriteMount', 'uri_folder']);
    assert.equal(properties.command, 'true told p1 a002 --resume ${{inputs.resume}} --init ${{inputs.init}}');
    const {
      'bertha.run': name,
      'bertha.chain': chain,
      'bertha.attempt': attempt,
      'bertha.spec': spec,
    } = properties.tags;
    assert.deepEqual({ name, chain, attempt }, { name: 'told', chain: 'chain-of-told', attempt: 'p1/a002' });
    assert.match(spec ?? '', /^[0-9a-f]{32}$/);
  });

  it('B7 adopts its own job after the answer to the PUT was lost: one job, and it says so', async () => {
    const request = await submitRequest('lost', 'true');
    const { deps: faulty, lost } = losingAnswers(deps, 'PUT');
    const first = await failure(run(unbound(jobActivities(faulty)).submitJob, request));
    assert.equal(first.nonRetryable, false, 'asking again is right');
    assert.equal(lost(), 1, 'the answer was lost once');
    assert.deepEqual(await submit(request), { jobName: 'lost-p1-a001', adopted: true });
    assert.deepEqual(await jobsOf('lost'), ['lost-p1-a001']);
  });

  it('B7 adopts it too when the job appears between the look and the PUT', async () => {
    const request = await submitRequest('raced', 'true');
    const outcomes = await Promise.all([submit(request), submit(request), submit(request)]);
    assert.equal(outcomes.filter(({ adopted }) => !adopted).length, 1);
    assert.deepEqual(await jobsOf('raced'), ['raced-p1-a001']);
  });

  for (const [what, changes] of Object.entries({
    'an older chain of the same name': { chain: 'an-older-chain' },
    'another spec': { dataFolder: 'data/tiny/other' },
  })) {
    it(`refuses for good a job of that name that has the tags of ${what}, and leaves it alone`, async () => {
      const name = `taken-${Object.keys(changes)[0]?.toLowerCase() ?? ''}`;
      await submit(await submitRequest(name, 'true', changes));
      const before = (await rawJob(`${name}-p1-a001`)).properties.tags['bertha.spec'];
      const { type, nonRetryable, message } = await failure(submit(await submitRequest(name, 'true')));
      assert.deepEqual({ type, nonRetryable }, { type: 'JobIsNotOurs', nonRetryable: true });
      assert.match(
        message,
        /^job taken-\w+-p1-a001 exists and is not of this run \(bertha\.(chain|spec) differ\); choose another run name$/,
      );
      assert.equal((await rawJob(`${name}-p1-a001`)).properties.tags['bertha.spec'], before);
    });
  }

  async function jobsOf(name: string): Promise<string[]> {
    return (await listJobs(azure(), `bertha.run=${name}`)).map((job) => job.name);
  }
});
