import { duration } from '../domain/duration.js';

/** A span of time in whole seconds: `0 s`, `95 s`, `12 min 05 s`, `3 h 05 min`, `12 d 03 h`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 120 ? `${whole} s` : duration(whole);
}

/** `1,234,567` */
export const grouped = (value: number) => Math.round(value).toLocaleString('en-US');

/** Local time of day, with the date where it is not today's: `01:02:03`, `2026-11-23 01:02:03`. */
export function clock(at: number, now: number): string {
  const [date, time] = localTime(at).split(' ');
  return date === localTime(now).split(' ')[0] ? (time ?? '') : `${date} ${time}`;
}

/** `2026-11-23 01:02:03`, local time. */
export function localTime(at: number): string {
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** Greedy word wrap. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const fits = last !== undefined && last.length + 1 + word.length <= width;
    if (fits) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
