import { z } from 'zod';

import type { Job } from '../entities/job.js';
import { dataPlaneFault } from '../http/fault.js';
import { ok, type Call, type Reply } from '../http/route.js';
import { newGuid } from '../options.js';
import type { Collection } from '../store/collection.js';
import { timestamp } from '../timestamps.js';

/** A logged value of a metric, `data` by the metric's columns. */
interface Value {
  metricId: string;
  createdUtc: string;
  step: number;
  data: Record<string, unknown>;
}

/** A metric of a run with every value logged. */
interface Metric {
  name: string;
  namespace: string | null;
  columns: Record<string, string>;
  values: Value[];
}

/** The metrics of a run, by its name. */
interface RunMetrics {
  metrics: Metric[];
}

const posted = z.object({
  values: z.array(
    z.object({
      name: z.string().min(1),
      namespace: z.string().nullish(),
      columns: z.record(z.string(), z.string()),
      value: z.array(
        z.object({
          metricId: z.string().nullish(),
          createdUtc: z.string().nullish(),
          step: z.number().int().nullish(),
          data: z.record(z.string(), z.unknown()),
        }),
      ),
    }),
  ),
});

/** POST batch: logs values. There is no MLflow here; this is the one way to write metrics. */
export function postMetrics(call: Call, job: Job): Reply {
  const parsed = posted.safeParse(call.body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw dataPlaneFault(400, 'UserError', `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? ''}`, [
      'BadArgument',
    ]);
  }
  const kept = metricsOf(call, job);
  const now = timestamp(call.world.clock.now());
  for (const { name, namespace = null, columns, value } of parsed.data.values) {
    const metric = kept.metrics.find((each) => each.name === name) ?? { name, namespace, columns, values: [] };
    if (!kept.metrics.includes(metric)) kept.metrics.push(metric);
    for (const { metricId, createdUtc, step, data } of value)
      metric.values.push({ metricId: metricId ?? newGuid(), createdUtc: createdUtc ?? now, step: step ?? 0, data });
  }
  collection(call).put(job.name, kept);
  return ok({ errors: [] });
}

/** POST list: which metrics a run has. */
export function listMetrics(call: Call, job: Job): Reply {
  const value = metricsOf(call, job).metrics.map(({ name, namespace, columns }) => ({
    metricKey: { namespace, name, labels: [], columnNames: Object.keys(columns) },
    columns,
    properties: { uxMetricType: 'azureml.v1.scalar' },
  }));
  return ok({ value, continuationToken: null, nextLink: null });
}

/** POST full: every value of one metric. */
export function fullMetric(call: Call, job: Job): Reply {
  const metric = named(call, job);
  return ok({ ...described(job, metric), value: metric.values, continuationToken: null, nextLink: null });
}

/** POST sample: values of one metric to draw; few enough here to be all. */
export function sampledMetric(call: Call, job: Job): Reply {
  const metric = named(call, job);
  return ok({
    derivedLabelValues: null,
    isPartialResult: false,
    numValuesLogged: metric.values.length,
    ...described(job, metric),
    value: metric.values,
    continuationToken: null,
    nextLink: null,
  });
}

/** POST lastvalues: the last value of every metric. */
export function lastValues(call: Call, job: Job): Reply {
  const value = metricsOf(call, job).metrics.map((metric) => ({
    ...described(job, metric),
    value: metric.values.slice(-1),
  }));
  return ok({ value, continuationToken: null, nextLink: null });
}

function described(job: Job, { name, namespace, columns }: Metric): object {
  return {
    dataContainerId: `dcid.${job.name}`,
    name,
    columns,
    properties: { uxMetricType: 'azureml.v1.scalar' },
    namespace,
    standardSchemaId: null,
  };
}

// A metric that nobody logged has no values, rather than being an error.
function named(call: Call, job: Job): Metric {
  const name = (call.body as { metricName?: unknown } | undefined)?.metricName;
  if (typeof name !== 'string')
    throw dataPlaneFault(400, 'UserError', 'The field metricName is missing.', ['BadArgument']);
  const found = metricsOf(call, job).metrics.find((metric) => metric.name === name);
  return found ?? { name, namespace: null, columns: {}, values: [] };
}

function metricsOf(call: Call, job: Job): RunMetrics {
  return collection(call).get(job.name) ?? { metrics: [] };
}

function collection(call: Call): Collection<RunMetrics> {
  return call.world.store.collection<RunMetrics>('metrics');
}
