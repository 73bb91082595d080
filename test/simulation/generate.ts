import { seeded } from '../house/random.js';
import {
  type CallName,
  type Damage,
  type Face,
  type Fault,
  type FaultKind,
  GLOBAL_BATCH,
  type Mishap,
  type Money,
  type OperatorAct,
  type Schedule,
} from './schedule.js';

type Draw = () => number;
const HOUR = 3600;

const FACES: readonly Face[] = ['failed', 'canceled', 'requeued', 'hang', 'survivors', 'warned', 'not-responding'];
const MISHAPS: readonly Mishap[] = [
  'user-error',
  'out-of-memory',
  'stuck-rank',
  'lost-peer',
  'killed',
  'stall',
  'no-saves',
];
const DAMAGES: readonly Damage[] = ['truncated', 'flipped', 'file-lost', 'manifest-lost', 'rotten'];
const CALLS: readonly CallName[] = [
  'submit',
  'look',
  'control',
  'cancel',
  'prove',
  'ladder',
  'evidence',
  'record',
  'retention',
  'claim',
];
const ACTS: readonly OperatorAct[] = [
  'pause',
  'resume',
  'recover-now',
  'set-interval',
  'skip-window',
  'wake-up',
  'cancel',
];
const STUCK = ['Queued', 'Preparing', 'Finalizing', 'CancelRequested'] as const;

type Weights = Readonly<Partial<Record<FaultKind, number>>>;

/** How often each kind is drawn; preemptions most, for they are what such nodes are about. */
const USUAL: Weights = {
  preempt: 40,
  'worker-dies': 12,
  'azure-down': 10,
  operator: 8,
  damage: 8,
  mishap: 6,
  'storage-down': 5,
  'worker-down': 5,
  'no-capacity': 4,
  ghost: 4,
  'job-unknown': 3,
  'slow-start': 3,
  'nodes-unlisted': 2,
  stuck: 3,
  'temporal-lost': 3,
  'over-quota': 1,
};

/** A bad week has a theme: one trouble comes often, and finds the rest of the world as it usually is. */
const THEMES: readonly Weights[] = [
  USUAL,
  USUAL,
  { ...USUAL, preempt: 400 },
  { ...USUAL, 'azure-down': 60, 'storage-down': 60, 'job-unknown': 30, 'worker-down': 30 },
  { ...USUAL, damage: 80, ghost: 40 },
  { ...USUAL, mishap: 80 },
  { ...USUAL, operator: 80 },
  { ...USUAL, 'worker-dies': 60, 'temporal-lost': 60 },
  { ...USUAL, stuck: 40, 'no-capacity': 40, 'slow-start': 20, 'nodes-unlisted': 30 },
];

/** The schedule of a seed: always the same one. */
export function generate(seed: number): Schedule {
  // Neighbouring seeds of the generator begin alike; the first draws are thrown away.
  const draw = seeded(seed * 7919 + 13);
  for (let index = 0; index < 5; index++) draw();
  const steps = between(draw, 150, 900);
  const stepSeconds = pick(draw, [5, 10, 20, 30]);
  const kind = draw() < 0.5 ? 'spike' : 'nan';
  return {
    seed,
    steps,
    stepSeconds,
    checkpointSeconds: pick(draw, [300, 600, 900]),
    bootSeconds: pick(draw, [20, 20, 60, 300, 900]),
    pollSeconds: pick(draw, [30, 60]),
    ownsCluster: draw() < 0.5,
    resumesInPlace: draw() < 0.8,
    poison: draw() < 0.1 ? [{ position: Math.floor(draw() * steps * GLOBAL_BATCH), kind }] : [],
    ...due(seed, steps * stepSeconds, faults(draw, steps * stepSeconds)),
  };
}

/** Budgets and deadlines are drawn apart, so that seeds mean what they did before there were any. */
function due(seed: number, trainingSeconds: number, drawn: Fault[]): Pick<Schedule, 'faults' | 'money' | 'deadline'> {
  const budget = money(seed, trainingSeconds);
  const draw = seeded(seed * 15_485_863 + 3);
  for (let index = 0; index < 5; index++) draw();
  const hasDeadline = draw() < 0.4;
  if (budget !== null || !hasDeadline) return { faults: drawn, money: budget, deadline: null };
  const deadline = Math.round(trainingSeconds * (1.1 + 2 * draw())) + 5_000;
  const spared = drawn.filter(({ kind }) => OF_CHEAP_NODES.has(kind));
  const isSpared = draw() < 0.5 && spared.length > 0;
  return { faults: isSpared ? spared : drawn, money: null, deadline };
}

/** What dedicated nodes are spared: where nothing else comes, a deadline is kept. */
export const OF_CHEAP_NODES: ReadonlySet<FaultKind> = new Set(['preempt', 'no-capacity', 'over-quota']);

function money(seed: number, trainingSeconds: number): Money | null {
  const draw = seeded(seed * 104_729 + 7);
  for (let index = 0; index < 5; index++) draw();
  if (draw() < 0.6) return null;
  const budgetSeconds = Math.round(trainingSeconds * (0.3 + draw() * 1.5)) + 600;
  const leaseSeconds = draw() < 0.5 ? null : Math.round(900 * 16 ** draw());
  return { budgetSeconds, leaseSeconds, goneAt: Math.round(draw() * trainingSeconds * 1.2) };
}

/** A third of them come soon after the one before: trouble finds the run while it recovers. */
function faults(draw: Draw, trainingSeconds: number): Fault[] {
  const weights = pick(draw, THEMES);
  const count = Math.floor(1 + draw() * draw() * 45);
  let before = 0;
  const drawn = Array.from({ length: count }, () => {
    const isNext = draw() < 0.35;
    const seconds = isNext ? before + draw() * 240 : draw() * trainingSeconds * 1.3;
    before = seconds;
    return { at: Math.round(seconds * 10) / 10, ...body(weighted(draw, weights), draw) };
  });
  return drawn.sort((a, b) => a.at - b.at);
}

function weighted(draw: Draw, weights: Weights): FaultKind {
  const kinds = Object.entries(weights) as [FaultKind, number][];
  let left = draw() * kinds.reduce((sum, [, weight]) => sum + weight, 0);
  return kinds.find(([, weight]) => (left -= weight) < 0)?.[0] ?? 'preempt';
}

type Body = Fault extends infer F ? (F extends Fault ? Omit<F, 'at'> : never) : never;

function body(kind: FaultKind, draw: Draw): Body {
  const long = (least: number, most: number) => Math.round(least * (most / least) ** draw());
  switch (kind) {
    case 'preempt':
      return { kind, face: pick(draw, FACES) };
    case 'mishap':
      return { kind, mishap: pick(draw, MISHAPS) };
    case 'azure-down':
      return { kind, seconds: long(20, 24 * HOUR), how: pick(draw, ['error', 'unauthorized', 'throttled']) };
    case 'storage-down':
      return { kind, seconds: long(20, 6 * HOUR) };
    case 'job-unknown':
      return { kind, seconds: long(5, 600) };
    case 'no-capacity':
      return { kind, seconds: long(60, 30 * HOUR), refused: draw() < 0.3 };
    case 'nodes-unlisted':
      return { kind, seconds: long(5, 55) };
    case 'over-quota':
      return { kind, seconds: long(60, 2 * HOUR) };
    case 'slow-start':
      return { kind, seconds: long(100, 800) };
    case 'stuck':
      return { kind, in: pick(draw, STUCK) };
    case 'damage':
      return { kind, what: pick(draw, DAMAGES), rung: Math.floor(draw() * draw() * 4) };
    case 'worker-down':
      return { kind, seconds: long(5, 12 * HOUR) };
    case 'worker-dies':
      return { kind, call: pick(draw, CALLS), when: pick(draw, ['before', 'behind']), seconds: long(1, 600) };
    case 'operator':
      // A cancel ends the schedule: it is rare.
      return { kind, act: draw() < 0.1 ? 'cancel' : pick(draw, ACTS.slice(0, -1)) };
    case 'ghost':
    case 'temporal-lost':
      return { kind };
  }
}

const pick = <T>(draw: Draw, from: readonly T[]): T => from[Math.floor(draw() * from.length)] as T;
const between = (draw: Draw, least: number, most: number) => Math.floor(least + draw() * (most - least + 1));
