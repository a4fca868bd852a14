import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cs as csFirst } from './cs';
import { rest as csRest } from './cs.rest';
import { de as deFirst } from './de';
import { rest as deRest } from './de.rest';
import { en as enFirst } from './en';
import { rest as enRest } from './en.rest';
import { bytes, compactNumber, exact, number, relative, serialGroups } from './format';
import { fill, pluralForm, preferredLocale, t, useLocale, word, type Catalogue, type Plural, type Rest } from './index.svelte';

const en = { ...enFirst, ...enRest };
const cs = { ...csFirst, ...csRest };
const de = { ...deFirst, ...deRest };
const CATALOGUES: Record<string, Catalogue & Rest> = { en, cs, de };
const names = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((hit) => hit[1]))].sort();
const forms = (entry: string | Plural) => (typeof entry === 'string' ? [entry] : Object.values(entry));

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(svelte|ts)$/.test(entry.name) && !/\.test\.ts$/.test(entry.name) && !/i18n$/.test(entry.parentPath))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}
const code = sources(join(import.meta.dirname, '../..')).join('\n');

describe('catalogues', () => {
  it.each(Object.entries(CATALOGUES))('%s has every key and no other', (_, catalogue) => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort());
  });
  it.each(Object.entries(CATALOGUES))('%s names the same values in every text', (_, catalogue) => {
    for (const [key, entry] of Object.entries(en as Catalogue & Rest)) {
      const wanted = names(forms(entry).join(' '));
      for (const text of forms(catalogue[key as keyof typeof en])) expect([key, names(text).filter((name) => name !== 'n')]).toEqual([key, wanted.filter((name) => name !== 'n')]);
    }
  });
  it.each(Object.entries(CATALOGUES))('%s has the plural forms of its language', (language, catalogue) => {
    const rules = new Intl.PluralRules(language);
    const wanted = new Set([0, 1, 2, 5, 21, 100].map((n) => rules.select(n)));
    for (const [key, entry] of Object.entries(catalogue)) {
      if (typeof entry !== 'string') expect([key, [...wanted].filter((form) => !(form in entry))]).toEqual([key, []]);
    }
  });
  it('holds no text twice', () => {
    expect(Object.keys(enFirst).filter((key) => Object.hasOwn(enRest, key))).toEqual([]);
  });
  it('holds no empty text', () => {
    for (const catalogue of Object.values(CATALOGUES)) for (const entry of Object.values(catalogue)) for (const text of forms(entry)) expect(text.trim()).not.toBe('');
  });
  it('has no text that nothing shows', () => {
    // `t(`done.${action}`)` and `word('status', …)` use whole groups.
    const groups = [...code.matchAll(/t\(`([\w.]+\.)\$\{/g), ...code.matchAll(/word\('(\w+)'/g), ...code.matchAll(/words\('(\w+)'/g)].map((hit) => hit[1]?.replace(/\.?$/, '.'));
    const unused = Object.keys(en).filter((key) => !code.includes(`'${key}'`) && !groups.some((group) => group && key.startsWith(group)));
    expect(unused).toEqual([]);
  });
  it('has every text that is asked for', () => {
    const asked = [...code.matchAll(/\bt\('([\w.]+)'/g), ...code.matchAll(/\b(?:label|title): '(\w+\.[\w.]+)'/g)].map((hit) => hit[1] ?? '');
    expect(asked.length).toBeGreaterThan(200);
    expect([...new Set(asked)].filter((key) => !Object.hasOwn(en, key))).toEqual([]);
  });
  it('keeps words out of the components', () => {
    const markup = code.match(/>[ \t]*[A-Z][a-z]+( [a-z]+)+[ \t]*</g) ?? [];
    expect(markup).toEqual([]);
  });
});

describe('texts', () => {
  afterAll(() => useLocale('en'));
  it('fill values, numbers with separators, and leave unknown names', () => {
    expect(fill('{a} of {b} {c}', { a: 1234, b: 'x' }, 'en')).toBe('1,234 of x {c}');
  });
  it('choose the plural form of each language', async () => {
    const czech = cs['inventory.keys'] as Plural;
    expect([1, 3, 5].map((n) => pluralForm(czech, n, 'cs'))).toEqual(['{n} klíč', '{n} klíče', '{n} klíčů']);
    expect(t('inventory.keys', { n: 1 })).toBe('1 key');
    expect(t('inventory.keys', { n: 4812 })).toBe('4,812 keys');
    await useLocale('cs');
    expect(t('inventory.keys', { n: 2 })).toBe('2 klíče');
    expect(document.documentElement.lang).toBe('cs');
    await useLocale('de');
    expect(t('inventory.keys', { n: 4812 })).toBe('4.812 Schlüssel');
    await useLocale('en');
  });
  it('make a server’s unknown word readable', () => {
    expect(word('status', 'in_stock')).toBe('In stock');
    expect(word('status', 'put_aside')).toBe('Put aside');
  });
  it('follow the browser’s wishes', () => {
    expect(preferredLocale(['fr-FR', 'de-AT'])).toBe('de');
    expect(preferredLocale(['fr'])).toBe('en');
  });
});

describe('formats', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  it('say how long ago', () => {
    expect(relative('2026-11-22T11:58:00Z', now, 'en')).toBe('2 min. ago');
    expect(relative('2026-11-22T11:59:50Z', now, 'en')).toBe('now');
    expect(relative('2026-11-20T12:00:00Z', now, 'en')).toBe('2 days ago');
    expect(relative('2026-11-22T14:00:00Z', now, 'de')).toBe('in 2 Std.');
    expect(relative('2027-02-20T11:59:00Z', now, 'en')).toBe('in 3 mo.');
  });
  it('group serials for the eye and keep each character', () => {
    expect(serialGroups('0010000007')).toEqual(['00', '1000', '0007']);
    expect(serialGroups('ABC-1')).toEqual(['ABC-1']);
    expect(serialGroups('123456789').join('')).toBe('123456789');
  });
  it('write numbers and sizes', () => {
    expect(number(1234567)).toBe('1,234,567');
    expect(compactNumber(48_211)).toBe('48,211');
    expect(compactNumber(1_204_331)).toBe('1.2M');
    expect(compactNumber(999)).toBe('999');
    expect(bytes(45_120)).toBe('45.1 kB');
    expect(bytes(12)).toBe('12 bytes');
    expect(exact('2026-11-22T12:00:00Z')).toMatch(/2026.* (UTC|GMT[+-]?|[A-Z]{2,5})/);
  });
});
