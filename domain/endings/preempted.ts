import type { Named } from './classify.js';
import type { JobEvidence } from './evidence.js';
import type { Reading } from './reading.js';
import { TEXTS } from './texts.js';

/** Nodes were taken away: by Azure's error, by the cluster's list of nodes, or by a warning that no restart in place explains. */
export function preempted(read: Reading): Named | null {
  const { evidence } = read;
  if (evidence.status === 'Completed') return null;
  const because = facts(read);
  const azureSays = read.mentions('preemption') || (warnedOfTheLastStart(evidence) && mayBeBelieved(read));
  const nodesGone = evidence.preemptedNodes.length > 0;
  if (!azureSays && !nodesGone) return null;
  const azureCanceled = evidence.status === 'Canceled' && (azureSays || evidence.endedByUs === null);
  if (azureCanceled) return { ending: 'preempted-canceled', because };
  return { ending: azureSays && evidence.status === 'Failed' ? 'preempted' : 'node-lost', because };
}

/**
 * Run history keeps the warnings of all starts of a job without a time. Each start of the trainer but the last explains one;
 * only a warning beyond those can belong to how the job ended.
 */
function warnedOfTheLastStart({ warnings, incarnations = 1 }: JobEvidence): boolean {
  const told = warnings.filter((warning) => TEXTS.preemption.test(warning)).length;
  return told > Math.max(0, incarnations - 1);
}

/** A warning is the weakest evidence: it explains a job that nobody else does, or survivors of a lost peer. */
function mayBeBelieved({ evidence, said }: Reading): boolean {
  return evidence.endedByUs === null && (said === null || said.ending === 'interrupted' || said.ending === 'lost-peer');
}

function facts({ evidence, text }: Reading): string {
  const nodes = evidence.preemptedNodes;
  const taken = nodes.length > 0 ? `${nodes.length === 1 ? 'node' : 'nodes'} ${nodes.join(', ')} preempted` : '';
  const warning = text === '' ? (evidence.warnings.find((line) => TEXTS.preemption.test(line)) ?? '') : '';
  return [taken, text, warning].filter((part) => part !== '').join('; ');
}
