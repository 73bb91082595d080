import { describeEvent } from '../../domain/events.js';
import type { RunReport } from '../../domain/report.js';
import { table } from '../table.js';
import { span, wrap } from '../words.js';
import type { Done, Steps } from './onlooker.js';
import { type Deed, type Scenario, deedTitle } from './scenario.js';

/** One deed, as it came out. */
export interface Row {
  readonly step: number | null;
  readonly title: string;
  /** How the run noticed it; null where it did not. */
  readonly noticed: string | null;
  readonly afterSeconds: number | null;
  readonly cost: string;
  /** What the report says of it; null where it says nothing. */
  readonly explained: string | null;
}

/** @param report null where the run left none */
export function accountOf(
  scenario: Scenario,
  { done, steps }: { readonly done: readonly Done[]; readonly steps: ReadonlyMap<string, Steps> },
  report: RunReport | null,
): Row[] {
  return scenario.scenes
    .flatMap(({ do: deeds }) => deeds)
    .map((deed) => {
      const one = done.find((candidate) => candidate.deed === deed);
      if (one === undefined) return neverDone(deed);
      const { sign, step, at } = one;
      return {
        step,
        title: deedTitle(deed),
        noticed: sign === null ? null : noticedAs(sign),
        afterSeconds: sign === null ? null : (sign.at - at) / 1000,
        cost: costOf(one, steps),
        explained: sign === null || report === null ? null : explainedAs(sign, report),
      };
    });
}

/** What is missing for the rehearsal to hold, in sentences; none is the proof. */
export function missing(rows: readonly Row[], report: RunReport | null): string[] {
  const attempts = report?.phases.flatMap((phase) => phase.attempts) ?? [];
  return [
    ...(report?.outcome === 'completed' ? [] : ['the run did not complete']),
    ...rows.filter(({ step }) => step === null).map(({ title }) => `${title}: it was never done`),
    ...rows
      .filter(({ step, noticed }) => step !== null && noticed === null)
      .map(({ title }) => `${title}: nobody noticed`),
    ...rows
      .filter(({ noticed, explained }) => noticed !== null && explained === null)
      .map(({ title }) => `${title}: the report does not explain it`),
    ...attempts.filter(({ ending }) => ending === 'unknown').map(({ job }) => `${job}: its end is not explained`),
  ];
}

export function accountLines(rows: readonly Row[], width: number): string[] {
  const header = ['step', 'what was done', 'noticed as', 'after', 'cost'];
  const cells = rows.map(({ step, title, noticed, afterSeconds, cost }) => [
    step === null ? '-' : String(step),
    title,
    noticed ?? 'NOT NOTICED',
    afterSeconds === null ? '-' : `${afterSeconds.toFixed(1)} s`,
    cost,
  ]);
  const [head = '', ...lines] = table([header, ...cells], [0, 3]);
  const indent = ' '.repeat(6);
  return [
    head,
    ...lines.flatMap((line, index) => [
      line,
      ...explanation(rows[index], width - indent.length).map((text) => indent + text),
    ]),
  ];
}

const explanation = (row: Row | undefined, width: number) =>
  row?.explained === null || row === undefined ? ['NOT EXPLAINED'] : wrap(`report: ${row.explained}`, width);

const neverDone = (deed: Deed): Row => ({
  step: null,
  title: deedTitle(deed),
  noticed: null,
  afterSeconds: null,
  cost: '-',
  explained: null,
});

type Sign = NonNullable<Done['sign']>;

function noticedAs(sign: Sign): string {
  if (sign.kind === 'attempt-ended') return `ended ${sign.ending}`;
  if (sign.kind !== 'watch-alert') return sign.kind;
  const { alert } = sign;
  if (alert.kind === 'blind') return `blind to ${alert.to}`;
  return alert.kind === 'limit' ? `limit ${alert.limit}` : alert.kind;
}

function explainedAs(sign: Sign, { phases, incidents }: RunReport): string | null {
  if (sign.kind === 'attempt-ended') {
    const attempt = phases.flatMap(({ attempts }) => attempts).find(({ job }) => job === sign.jobName);
    return attempt === undefined ? null : `${attempt.job} ${attempt.ending}: ${attempt.because}`;
  }
  const at = new Date(sign.at).toISOString();
  const text = describeEvent(sign);
  return incidents.find((incident) => incident.at === at && incident.text === text)?.text ?? null;
}

function costOf({ deed, sign, again, at, incarnation }: Done, steps: ReadonlyMap<string, Steps>): string {
  if (sign === null || again === null) return '-';
  const before = steps.get(incarnation ?? '');
  const after = steps.get(again.incarnation ?? '');
  const isJobLost = 'evict' in deed || ('kill' in deed && deed.kill === 'azureml');
  if ('fault' in deed && deed.fault.storage !== undefined) return `back to step ${after?.first ?? '?'}`;
  if (!isJobLost || again.incarnation === incarnation || before === undefined || after === undefined) return 'no step';
  return `${Math.max(0, before.last - after.first)} steps, ${span((again.at - at) / 1000)}`;
}
