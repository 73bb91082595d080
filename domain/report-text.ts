import { duration } from './duration.js';
import { goodputText } from './report-goodput-text.js';
import type { AttemptReport, PhaseReport, RunReport } from './report.js';

/** The report as a person reads it: what happened, what it cost, what was lost, where to look next. Plain text that is also Markdown. */
export function reportText(report: RunReport): string {
  const { seconds, cost, model } = report;
  const share = (value: number) => `${duration(value)} (${percent(value, seconds.wall)})`;
  const lines = [
    `# Run ${report.run}: ${report.outcome}`,
    '',
    report.because,
    '',
    `started ${report.startedAt}, ended ${report.endedAt}, ${report.preemptions} ${plural(report.preemptions, 'preemption')}`,
    '',
    '| time | |',
    '| --- | --- |',
    `| useful training | ${share(seconds.useful)} |`,
    `| lost training | ${share(seconds.lost)} |`,
    `| waiting | ${share(seconds.waiting)} |`,
    `| wall | ${duration(seconds.wall)} |`,
    '',
    ...costText(cost),
    model === null ? 'model: none registered' : `model: ${model.name}, version ${model.version} (${model.path})`,
    ...(report.clusterNodesLeft === null
      ? []
      : [`nodes the cluster still held at the end: ${report.clusterNodesLeft}`]),
    ...goodputText(report.goodput, cost.currency),
    ...report.phases.flatMap(phaseText),
    ...incidentsText(report),
    '',
    'Where to look next:',
    ...report.whereToLook.map((command) => `- ${command}`),
    '',
  ];
  return lines.join('\n');
}

/** In one line, or in one more for each cluster where there were several. */
function costText({ pricePerNodeHour, currency, total, nodeSeconds, sku, priority, clusters }: RunReport['cost']) {
  const words = (tier: string) => tier.replace('_', ' ');
  const money = pricePerNodeHour === null ? 'no price is known for it' : `${total.toFixed(4)} ${currency}`;
  const whole = `cost: ${money}: ${nodeSeconds.toFixed(0)} node-seconds`;
  if (clusters.length > 1) {
    const one = (price: number | null) => (price === null ? 'no price is known' : `${price.toFixed(4)} ${currency}`);
    const rows = clusters.map(
      (each) =>
        `- ${each.name}: ${one(each.total)}: ${each.nodeSeconds.toFixed(0)} node-seconds of ${each.sku} (${words(each.priority)})`,
    );
    return [whole, '', ...rows, ''];
  }
  const rate = pricePerNodeHour === null ? '' : `, ${pricePerNodeHour} ${currency} a node and hour`;
  return [`${whole} of ${sku} (${words(priority)}${rate})`];
}

function phaseText(phase: PhaseReport): string[] {
  const { mlm, nsp } = phase.loss;
  return [
    '',
    `## Phase ${phase.name}: ${phase.steps.done} of ${phase.steps.planned} steps`,
    '',
    `masked-LM loss: first ${nats(mlm.first)}, last ${nats(mlm.last)}, held out ${nats(mlm.heldOut)} (unigram ${nats(mlm.unigram)}, uniform ${nats(mlm.uniform)})` +
      (mlm.heldOut !== null && mlm.unigram !== null
        ? `, ${(mlm.unigram - mlm.heldOut).toFixed(3)} nats below unigram`
        : ''),
    `next-sentence loss: held out ${nats(nsp.heldOut)} (chance 0.693), accuracy ${nsp.accuracy === null ? '-' : percent(nsp.accuracy, 1)}`,
    '',
    '| job | ending | steps | resumed from | kept up to | checkpoints | useful | lost | node-seconds |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...phase.attempts.map(attemptRow),
    ...phase.attempts
      .filter((attempt) => attempt.ending !== 'completed')
      .map((attempt) => `- ${attempt.job}: ${attempt.because}`),
    ...phase.lastEvidence.map(({ source, fact }) => `- known of the last job, from ${source}: ${fact}`),
    ...phase.attempts.flatMap((attempt) =>
      attempt.rejectedCheckpoints.map((rejected) => `- checkpoint ${rejected.path} refused: ${rejected.reason}`),
    ),
  ];
}

/** A report of an older release names none. */
function incidentsText({ incidents = [], incidentsLeftOut = 0, run }: Partial<RunReport>): string[] {
  if (incidents.length === 0) return [];
  const left = incidentsLeftOut === 0 ? [] : [`- ${incidentsLeftOut} older ones: bertha events ${run}`];
  return ['', '## What happened meanwhile', '', ...left, ...incidents.map(({ at, text }) => `- ${at}  ${text}`)];
}

function attemptRow(attempt: AttemptReport): string {
  const steps = attempt.firstStep === null ? 'none' : `${attempt.firstStep} to ${attempt.lastStep}`;
  const cells = [
    attempt.job,
    attempt.ending,
    steps,
    attempt.resumedFromStep,
    attempt.keptStep ?? '-',
    attempt.checkpoints,
    duration(attempt.seconds.useful),
    duration(attempt.seconds.lost),
    attempt.nodeSeconds.toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}

const nats = (value: number | null) => (value === null ? '-' : value.toFixed(3));
const percent = (part: number, whole: number) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);
const plural = (count: number, word: string) => (count === 1 ? word : `${word}s`);
