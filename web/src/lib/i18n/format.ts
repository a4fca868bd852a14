/** Numbers, sizes and times as the reader's language writes them. */
import { currentLocale } from './index.svelte';

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000], ['month', 2_592_000], ['week', 604_800], ['day', 86_400], ['hour', 3_600], ['minute', 60],
];

export const number = (value: number): string => new Intl.NumberFormat(currentLocale()).format(value);

/** "48,211", "1.2M": where there is room for no more. */
export const compactNumber = (value: number): string =>
  new Intl.NumberFormat(currentLocale(), { notation: value < 100_000 ? 'standard' : 'compact', maximumFractionDigits: 1 }).format(value);

export const percent = (share: number): string =>
  new Intl.NumberFormat(currentLocale(), { style: 'percent', maximumFractionDigits: 0 }).format(share);

/** The day and the time in the reader's zone, which is named. */
export function exact(iso: string): string {
  return new Intl.DateTimeFormat(currentLocale(), { dateStyle: 'medium', timeStyle: 'long' }).format(new Date(iso));
}

/** "2 minutes ago"; within a minute "now". What has begun does not count as over, what is to come is told to the nearest. */
export function relative(iso: string, now = Date.now(), language: string = currentLocale()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(seconds < 0 ? Math.trunc(seconds / length) : Math.round(seconds / length), unit);
  }
  return format.format(0, 'second');
}

export function bytes(size: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let step = 0;
  let value = size;
  while (value >= 1000 && step < units.length - 1) { value /= 1000; step += 1; }
  return new Intl.NumberFormat(currentLocale(), { style: 'unit', unit: units[step] ?? 'byte', unitDisplay: step ? 'short' : 'long', maximumFractionDigits: step ? 1 : 0 }).format(value);
}

/** A serial in groups of four from the right; only for the eye, copies stay plain. */
export function serialGroups(serial: string): string[] {
  if (!/^[0-9A-Za-z]{6,}$/.test(serial)) return [serial];
  const groups: string[] = [];
  for (let end = serial.length; end > 0; end -= 4) groups.unshift(serial.slice(Math.max(0, end - 4), end));
  return groups;
}
