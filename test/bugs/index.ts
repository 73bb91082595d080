/** Where a protection lives, and so where it is proven. */
export type Level = 'domain' | 'workflow' | 'activity' | 'payload' | 'e2e';

/** A file below test/ whose tests carry the name of the bug; with a title, one test of another name that is a proof too. */
export type Proof = readonly [level: Level, file: string, title?: string];

const KILLED = 'a run whose worker is killed between PUT and its recorded answer, and once more later, trains on';

/** Bugs that other tools have or had, each as our promise, and the tests that keep it. `known.test.ts` holds the list to the files. */
export const KNOWN_BUGS: readonly {
  readonly id: string;
  readonly promise: string;
  readonly proofs: readonly Proof[];
}[] = [
  {
    id: 'B1',
    promise: 'Looks that fail lead to no cancel and no resubmission, however many they are.',
    proofs: [
      ['domain', 'bugs/watch.test.ts'],
      ['workflow', 'bugs/control-plane.test.ts'],
    ],
  },
  {
    id: 'B2',
    promise: 'A job that completed while no worker ran is taken as completed, and not run again.',
    proofs: [['workflow', 'bugs/restarts.test.ts']],
  },
  {
    id: 'B3',
    promise: 'What fails after the training has succeeded does not make the run fail; what is missing is said.',
    proofs: [['workflow', 'bugs/ends.test.ts']],
  },
  {
    id: 'B4',
    promise: 'A cancel at any moment leaves no job and no node.',
    proofs: [['workflow', 'bugs/cancel.test.ts']],
  },
  {
    id: 'B5',
    promise: 'Nor does one that crosses the answer to a submission.',
    proofs: [['workflow', 'bugs/cancel.test.ts']],
  },
  {
    id: 'B6',
    promise: 'A job counts as stopped when that is proven, and is asked to stop until then.',
    proofs: [
      ['domain', 'domain/proof.test.ts'],
      ['activity', 'activities/end-job.test.ts'],
    ],
  },
  {
    id: 'B7',
    promise: 'A job whose creation was not heard of is adopted under its name, and never made twice.',
    proofs: [
      ['activity', 'activities/submit.test.ts'],
      ['e2e', 'e2e/run.test.ts', KILLED],
    ],
  },
  {
    id: 'B8',
    promise: 'Restarted workers submit one job per attempt.',
    proofs: [['workflow', 'bugs/restarts.test.ts']],
  },
  { id: 'B9', promise: 'A run that fails for good ends its job.', proofs: [['workflow', 'bugs/ends.test.ts']] },
  { id: 'B10', promise: 'A restart loses none of the runs.', proofs: [['workflow', 'bugs/restarts.test.ts']] },
  {
    id: 'B11',
    promise: 'A job that is said to run and makes no progress is found and replaced, once.',
    proofs: [['workflow', 'bugs/recovery.test.ts']],
  },
  {
    id: 'B12',
    promise: 'A preemption before the training began is a preemption.',
    proofs: [['workflow', 'bugs/recovery.test.ts']],
  },
  { id: 'B13', promise: 'A slow start is no preemption.', proofs: [['workflow', 'bugs/control-plane.test.ts']] },
  {
    id: 'B14',
    promise: 'Decisions are functions of facts: a table tells them, and kept histories replay them.',
    proofs: [
      ['domain', 'bugs/decisions.test.ts'],
      ['workflow', 'workflows/replay.test.ts'],
    ],
  },
  {
    id: 'B15',
    promise: 'What nobody has heard of is retried within a budget, and never ends a run in silence.',
    proofs: [
      ['workflow', 'bugs/control-plane.test.ts'],
      ['activity', 'activities/errors.test.ts'],
    ],
  },
  {
    id: 'B16',
    promise: 'No state of a job lasts longer than its limit: alert, then action.',
    proofs: [
      ['domain', 'domain/watch/judge.test.ts'],
      ['workflow', 'bugs/recovery.test.ts'],
    ],
  },
  {
    id: 'B17',
    promise: 'Every face of a preemption is survived, and two writers never meet.',
    proofs: [
      ['domain', 'domain/proof.test.ts'],
      ['domain', 'domain/ladder.test.ts'],
      ['activity', 'activities/checkpoints.test.ts'],
      ['workflow', 'bugs/recovery.test.ts'],
    ],
  },
  {
    id: 'B18',
    promise: 'Each start writes in its own place, and what is uploaded twice is there once.',
    proofs: [
      ['activity', 'activities/infrastructure.test.ts'],
      ['activity', 'activities/records.test.ts'],
      ['payload', 'payload/test_endings.py'],
    ],
  },
  {
    id: 'B19',
    promise: 'Runs that start at the same moment share their code.',
    proofs: [['activity', 'activities/infrastructure.test.ts']],
  },
  {
    id: 'B20',
    promise: 'Attempts that die before their first checkpoint lose nothing of earlier ones.',
    proofs: [['workflow', 'bugs/recovery.test.ts']],
  },
  {
    id: 'B21',
    promise: 'A damaged checkpoint is refused and told of, and the one before it continued.',
    proofs: [
      ['activity', 'activities/checkpoints.test.ts'],
      ['payload', 'payload/test_damage.py'],
      ['workflow', 'bugs/recovery.test.ts'],
    ],
  },
  {
    id: 'B22',
    promise: 'There is a valid checkpoint at every moment.',
    proofs: [
      ['activity', 'activities/verifier.test.ts'],
      ['payload', 'payload/test_preempted.py'],
    ],
  },
  {
    id: 'B23',
    promise: 'A job that saves nothing valid is told of after three intervals and replaced after six.',
    proofs: [
      ['domain', 'domain/watch/judge.test.ts'],
      ['workflow', 'bugs/recovery.test.ts'],
    ],
  },
  {
    id: 'B24',
    promise: 'Attempts that get nowhere end the run, with an outcome of their own.',
    proofs: [['workflow', 'bugs/recovery.test.ts']],
  },
  {
    id: 'B25',
    promise: 'Preempted on any numbers of nodes, the training sees the samples of an undisturbed one.',
    proofs: [['payload', 'payload/test_preempted.py']],
  },
  {
    id: 'B26',
    promise: 'Five hundred preemptions in six weeks are survived.',
    proofs: [['workflow', 'workflows/six-weeks.test.ts']],
  },
  {
    id: 'B27',
    promise: 'The default config lets a run go on for sixty days.',
    proofs: [['workflow', 'workflows/six-weeks.test.ts']],
  },
  {
    id: 'B28',
    promise: 'A killed worker is replaced within the heartbeat timeout, and histories stay short.',
    proofs: [
      ['workflow', 'bugs/cancel.test.ts'],
      ['workflow', 'workflows/watch.test.ts'],
      ['e2e', 'e2e/run.test.ts', KILLED],
    ],
  },
  {
    id: 'B29',
    promise: 'Refused credentials are an alert and nothing else; the run goes on when they are taken.',
    proofs: [['workflow', 'bugs/control-plane.test.ts']],
  },
  {
    id: 'B30',
    promise: 'A run leaves what was there before it.',
    proofs: [
      ['activity', 'activities/orphans.test.ts'],
      ['activity', 'activities/leftovers.test.ts'],
    ],
  },
  {
    id: 'B31',
    promise: 'Preempted while it is recovered, a run has one job per attempt, and never two at once.',
    proofs: [['workflow', 'bugs/recovery.test.ts']],
  },
  {
    id: 'B32',
    promise: 'Every end has its cause, its evidence and the next command.',
    proofs: [['domain', 'bugs/explained.test.ts']],
  },
];
