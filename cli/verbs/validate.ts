import { accumulation, type PhaseConfig, type RunConfig, worldSize } from '../../domain/config.js';
import { retiredSku } from '../../domain/skus.js';
import { trainerParameters } from '../../domain/trainer-config.js';
import { readConfig } from '../config-file.js';
import { exitCodes } from '../exit-codes.js';
import type { Verb } from '../program.js';
import { table } from '../table.js';
import { grouped } from '../words.js';

export const validateVerb: Verb = (program, act) => {
  program
    .command('validate')
    .summary('check a config and print what it asks for')
    .description(
      'Checks a config without touching anything and prints what it asks for: processes, batch, steps, samples.',
    )
    .argument('<config>', 'run config (YAML)')
    .action(
      act(async (call, _options, file = '') => {
        const config = await readConfig(file);
        const summary = summaryOf(config);
        const warnings = warningsOf(config);
        call.answer({ config, summary, warnings }, [`${file} is valid`, '', ...summaryLines(config, summary)]);
        for (const warning of warnings) call.note(`warning: ${warning}`);
        return exitCodes.ok.code;
      }),
    );
};

/** What is allowed and yet unlikely to work. */
export function warningsOf({ cluster }: RunConfig): string[] {
  const retired = retiredSku(cluster.sku);
  return retired === null ? [] : [`cluster.sku: ${retired}`];
}

/** What a config asks for, in numbers. */
export interface ConfigSummary {
  readonly run: string;
  readonly sku: string;
  readonly priority: string;
  readonly nodes: number;
  readonly processesPerNode: number;
  /** Training processes of a job, one per GPU. */
  readonly processes: number;
  readonly phases: readonly PhaseSummary[];
  readonly steps: number;
  readonly samples: number;
}

export interface PhaseSummary {
  readonly name: string;
  readonly steps: number;
  readonly globalBatch: number;
  readonly microBatch: number;
  readonly accumulation: number;
  readonly samples: number;
  /** Tokens of a sequence; null for a trainer whose parameters name none. */
  readonly sequenceLength: number | null;
}

export function summaryOf(config: RunConfig): ConfigSummary {
  const { sku, priority, nodes, processesPerNode } = config.cluster;
  const phases = config.phases.map((phase) => phaseSummary(config, phase));
  return {
    run: config.name,
    sku,
    priority,
    nodes,
    processesPerNode,
    processes: worldSize(config),
    phases,
    steps: phases.reduce((sum, { steps }) => sum + steps, 0),
    samples: phases.reduce((sum, { samples }) => sum + samples, 0),
  };
}

function phaseSummary(config: RunConfig, phase: PhaseConfig): PhaseSummary {
  const { name, steps, globalBatch, microBatch } = phase;
  const length = trainerParameters(config, phase)['sequenceLength'];
  const sequenceLength = typeof length === 'number' ? length : null;
  return {
    name,
    steps,
    globalBatch,
    microBatch,
    accumulation: accumulation(config, phase),
    samples: steps * globalBatch,
    sequenceLength,
  };
}

export function summaryLines(config: RunConfig, summary: ConfigSummary): string[] {
  const { nodes, processesPerNode, processes, phases } = summary;
  const { azure, storage, checkpoints } = config;
  const facts = [
    ['run', summary.run],
    ['workspace', `${azure.workspace} in ${azure.resourceGroup} (${azure.cloud})`],
    ['storage', `${storage.account}/${storage.container}`],
    ['nodes', `${nodes} x ${summary.sku}, ${summary.priority.replace('_', ' ')}`],
    ['processes', `${processes} = ${nodes} ${nodes === 1 ? 'node' : 'nodes'} x ${processesPerNode} (one per GPU)`],
    ['checkpoints', everyWords(checkpoints)],
  ];
  const header = [
    'phase',
    'sequence',
    'steps',
    'global batch',
    '= micro batch',
    'x processes',
    'x accumulation',
    'samples',
  ];
  const rows = phases.map((phase) => [
    phase.name,
    phase.sequenceLength === null ? '-' : grouped(phase.sequenceLength),
    grouped(phase.steps),
    grouped(phase.globalBatch),
    grouped(phase.microBatch),
    grouped(processes),
    grouped(phase.accumulation),
    grouped(phase.samples),
  ]);
  const total = ['total', '', grouped(summary.steps), '', '', '', '', grouped(summary.samples)];
  const all = phases.length > 1 ? [header, ...rows, total] : [header, ...rows];
  return [...table(facts), '', ...table(all, [1, 2, 3, 4, 5, 6, 7])];
}

function everyWords({ everySteps, everySeconds }: RunConfig['checkpoints']): string {
  if (everySteps !== undefined) return `every ${everySteps} steps`;
  return everySeconds === 'auto' ? 'as often as keeps most training' : `every ${everySeconds} s`;
}
