const ISO = /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Seconds of an ISO 8601 duration of days and smaller (`PT2M`, `P7D`, `PT1H30M`), as `limits.timeout` and
 * `nodeIdleTimeBeforeScaleDown` use it; undefined where the text is none.
 */
export function durationSeconds(text: string): number | undefined {
  const parts = ISO.exec(text);
  const empty = parts === null || text === 'P' || text.endsWith('T');
  if (empty) return undefined;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return (days ?? 0) * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}
