import type { RunConfig } from '../config.js';
import { type NodePrice, type PriceFacts, nodePrice } from '../prices.js';
import { capacityProblems } from '../quota.js';
import { retiredSku } from '../skus.js';
import { type Candidate, candidates } from './candidates.js';
import { type Course, courseOf } from './course.js';
import type { ForecastFacts } from './facts.js';
import { nodeKind } from './hardware.js';
import { rangeOf } from './range.js';
import type { ForecastOption } from './schema.js';
import type { PhaseWork } from './work.js';

const tiers = ['low_priority', 'dedicated'] as const;
type Tier = (typeof tiers)[number];

/** Every way to run it, priced: the nodes of the config, its alternatives in their order, its nodes in the other tier, then what else there is by what it would cost. */
export function optionsOf(config: RunConfig, work: readonly PhaseWork[], facts: ForecastFacts): ForecastOption[] {
  const found = candidates(config, facts.sizes);
  const all = found.flatMap((candidate) =>
    tiers
      .filter((tier) => isOffered(candidate, tier, facts) && !isAlternative(candidate, tier, found))
      .map((tier) => optionOf(config, work, facts, candidate, tier)),
  );
  const ranks = { config: 2, alternative: 1, 'same GPUs': 3, 'same peak': 3 };
  const rank = (one: ForecastOption) => (one.configured ? 0 : ranks[one.why]);
  const total = (one: ForecastOption) => one.total?.typical ?? Infinity;
  const hours = (one: ForecastOption) => one.wallHours?.typical ?? Infinity;
  const cheapest = (a: ForecastOption, b: ForecastOption) => compare(total(a), total(b)) || compare(hours(a), hours(b));
  return all.toSorted((a, b) => rank(a) - rank(b) || (a.why === 'alternative' ? 0 : cheapest(a, b)));
}

/** Infinity minus itself is no order. */
const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);

/** What the config names as an alternative is listed as one, and not once more. */
function isAlternative(candidate: Candidate, tier: Tier, all: readonly Candidate[]): boolean {
  if (candidate.why === 'alternative') return false;
  return all.some(
    ({ why, priority, sku, nodes }) =>
      why === 'alternative' && priority === tier && sku === candidate.sku && nodes === candidate.nodes,
  );
}

function isOffered({ sku, why, priority }: Candidate, tier: Tier, { sizes }: ForecastFacts): boolean {
  if (priority !== undefined) return tier === priority;
  if (tier === 'dedicated' || why === 'config') return true;
  const size = sizes?.find(({ name }) => name === sku);
  return size?.lowPriorityCapable ?? nodeKind(sku)?.lowPriority ?? true;
}

function optionOf(
  config: RunConfig,
  work: readonly PhaseWork[],
  facts: ForecastFacts,
  candidate: Candidate,
  priority: Tier,
): ForecastOption {
  const { sku, nodes, gpus, why } = candidate;
  const configured = why === 'config' && priority === config.cluster.priority;
  const course = courseOf(config, work, { sku, nodes, gpus, priority }, facts.measured);
  const { currency = 'USD' } = config.cost ?? {};
  const agreed = configured ? config.cost : { pricePerNodeHour: candidate.pricePerNodeHour, currency };
  const price = priceOf(facts, sku, priority, agreed);
  return {
    ...{ sku, nodes, gpus, priority, why, configured },
    cluster: configured ? config.cluster.name : (candidate.cluster ?? null),
    gpu: nodeKind(sku)?.gpu.name ?? null,
    problem: problemOf(config, facts, { sku, nodes, priority }),
    ...{ pricePerNodeHour: price.perHour, currency: price.currency, priceFrom: price.from },
    ...(course ?? { trainingHours: null, wallHours: null, goodput: null, interruptions: null }),
    total: totalOf(course, price, nodes),
  };
}

function priceOf(facts: ForecastFacts, sku: string, priority: Tier, agreed: PriceFacts['config']): NodePrice {
  const size = facts.sizes?.find(({ name }) => name === sku);
  return nodePrice(priority, {
    config: agreed,
    retail: facts.prices.get(sku) ?? null,
    listed: size === undefined ? null : { currency: size.currency, ...size.pricePerHour },
  });
}

function totalOf(course: Course | null, { perHour }: NodePrice, nodes: number): ForecastOption['total'] {
  if (course === null || perHour === null) return null;
  return rangeOf((one) => course.wallHours[one] * nodes * perHour);
}

function problemOf(
  { cluster }: RunConfig,
  { region, sizes, usages, nodesHeld }: ForecastFacts,
  { sku, nodes, priority }: { sku: string; nodes: number; priority: Tier },
): string | null {
  if (sizes === null) {
    const refused = priority === 'low_priority' && nodeKind(sku)?.lowPriority === false;
    return refused ? `Azure ML refuses ${sku} as low priority` : retiredSku(sku);
  }
  const size = sizes.find(({ name }) => name === sku) ?? null;
  const own = sku.toLowerCase() === cluster.sku.toLowerCase() && priority === cluster.priority;
  const question = { size, sku, priority, nodes, usages: usages ?? [], nodesHeld: own ? nodesHeld : 0 };
  return capacityProblems({ region: region ?? 'the region', ...question })[0] ?? null;
}
