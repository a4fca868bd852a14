/** One catalogue, typed keys, plural rules of the language. */
import type { en } from './en';
import type { rest } from './en.rest';
import { LOCALES, isLocale, type Locale } from './locales';

export type Key = keyof typeof en | keyof typeof rest;
export type Plural = { [form in Intl.LDMLPluralRule]?: string } & { other: string };
export type Catalogue = Part<typeof en>;
/** What the first page does without. */
export type Rest = Part<typeof rest>;
/** A catalogue comes in parts; each language's part has the English part's keys. */
export type Part<English> = Record<keyof English, string | Plural>;
export type Values = Record<string, string | number>;

const LOADERS: Record<Locale, () => Promise<Catalogue>> = {
  en: () => import('./en').then((module) => module.en),
  cs: () => import('./cs').then((module) => module.cs),
  de: () => import('./de').then((module) => module.de),
};
const REST: Record<Locale, () => Promise<Rest>> = {
  en: () => import('./en.rest').then((module) => module.rest),
  cs: () => import('./cs.rest').then((module) => module.rest),
  de: () => import('./de.rest').then((module) => module.rest),
};

let catalogue = $state.raw<Partial<Catalogue & Rest> | null>(null);
let locale = $state<Locale>('en');
let complete = false;
let wished: Locale = 'en';
let latest: Promise<void> = Promise.resolve();

export const currentLocale = (): Locale => locale;

/** What the browser prefers among what we have. */
export function preferredLocale(wishes: readonly string[] = navigator.languages): Locale {
  for (const wish of wishes) {
    const short = wish.slice(0, 2).toLowerCase();
    if (isLocale(short)) return short;
  }
  return LOCALES[0];
}

export function useLocale(wish: Locale): Promise<void> {
  wished = wish;
  latest = fetchTexts(wish);
  return latest;
}

async function fetchTexts(wish: Locale): Promise<void> {
  const [first, more] = await Promise.all([LOADERS[wish](), complete ? REST[wish]() : {}]);
  // Another wish came meanwhile: its texts are the ones to wait for.
  if (wish !== wished) return latest;
  catalogue = { ...first, ...more };
  locale = wish;
  document.documentElement.lang = wish;
}

/** Fetches the texts that the first page does without; from then on every language comes whole. */
export function allTexts(): Promise<void> {
  if (complete) return latest;
  complete = true;
  return useLocale(wished);
}

/** Fills `{name}`; numbers come with the locale's separators. */
export function fill(text: string, values: Values, language: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
  });
}

/** The form that the language wants for `n`. */
export function pluralForm(entry: Plural, n: number, language: string): string {
  return entry[new Intl.PluralRules(language).select(n)] ?? entry.other;
}

export function t(key: Key, values: Values = {}): string {
  const entry = catalogue?.[key];
  if (entry === undefined) return key;
  const text = typeof entry === 'string' ? entry : pluralForm(entry, Number(values.n ?? 0), locale);
  return fill(text, values, locale);
}

/** Whether the catalogue has a text of this name. */
export const hasText = (name: string): boolean => catalogue !== null && Object.hasOwn(catalogue, name);

/** For words that come from the server (statuses, roles, actions): the catalogue's word, or the server's own made readable. */
export function word(prefix: string, name: string): string {
  const key = `${prefix}.${name}`;
  if (hasText(key)) return t(key as Key);
  const plain = name.replaceAll(/[_.]/g, ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
