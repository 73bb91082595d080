/**
 * A time as Azure ML writes it in bodies: fraction without trailing zeros, offset spelled out
 * (`2026-03-27T04:02:25.197+00:00`).
 */
export function timestamp(date: Date): string {
  const [whole = '', fraction = ''] = date.toISOString().slice(0, -1).split('.');
  const digits = fraction.replace(/0+$/, '');
  return `${whole}${digits === '' ? '' : `.${digits}`}+00:00`;
}

/** A time as it stands in a job's properties `StartTimeUtc` and `EndTimeUtc`: `2024-07-24 08:48:48`. */
export function propertyTime(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

/** A length of time as .NET prints it in run history: `00:00:33.6850000`, no fraction when there is none, days in front. */
export function timeSpan(milliseconds: number): string {
  const total = Math.max(0, Math.round(milliseconds));
  const days = Math.floor(total / 86_400_000);
  const [clock = '', fraction = ''] = new Date(total % 86_400_000).toISOString().slice(11, 23).split('.');
  const exact = fraction === '000' ? clock : `${clock}.${fraction}0000`;
  return days > 0 ? `${days}.${exact}` : exact;
}
