import { describe, expect, it } from 'vitest';
import type { OtpToken } from '$lib/api/otp';
import { allTexts } from '$lib/i18n/index.svelte';
import { allowed } from './actions';
import { digitsOf, isCode } from './codes';
import { blank, draftOf } from './draft';
import { stateOf } from './emergency';
import { fieldsOf, nothing } from './seeds';
import { menuOf } from './tokens.svelte';

describe('codes', () => {
  it('are read as people write them', () => {
    expect(digitsOf(' 123 456 ')).toBe('123456');
    expect(digitsOf('1234-5678')).toBe('12345678');
  });
  it('have as many digits as their token shows', () => {
    expect(isCode('123 456', 6)).toBe(true);
    expect(isCode('123456', 8)).toBe(false);
    expect(isCode('12345')).toBe(false);
    expect(isCode('123456789')).toBe(false);
    expect(isCode('12345a')).toBe(false);
    expect(isCode('12345678')).toBe(true);
  });
});

describe('a token added by hand', () => {
  const typed = { ...blank(), serial: ' GALT1 ', seed: ' GEZDGNBV ', encoding: 'base32' as const, counter: 7, step: 60 };
  it('has a time step or a counter, never both', () => {
    expect(draftOf(typed)).toEqual({ serial_number: 'GALT1', type: 'totp', algorithm: 'sha1', digits: 6, seed: 'GEZDGNBV', encoding: 'base32', time_step: 60 });
    expect(draftOf({ ...typed, type: 'hotp' })).toEqual({ serial_number: 'GALT1', type: 'hotp', algorithm: 'sha1', digits: 6, seed: 'GEZDGNBV', encoding: 'base32', counter: 7 });
  });
  it('sends the URI alone when that is what was given', () => {
    expect(draftOf({ ...typed, way: 'uri', uri: 'otpauth://totp/a?secret=GEZDGNBV ', model: 'c200' })).toEqual({ serial_number: 'GALT1', otpauth_uri: 'otpauth://totp/a?secret=GEZDGNBV', model: 'c200' });
  });
  it('never guesses how a seed is written', () => {
    expect(draftOf({ ...typed, encoding: '' })).not.toHaveProperty('encoding');
  });
});

describe('what goes with a seed file', () => {
  it('is what was said, and a password as it was typed', () => {
    expect(fieldsOf(nothing())).toEqual({});
    expect(fieldsOf({ format: 'pskc', encoding: '', pre_shared_key: ' 00ff ', password: ' secret ' })).toEqual({ format: 'pskc', pre_shared_key: '00ff', password: ' secret ' });
  });
});

describe('the menu of a token', () => {
  const token = (allowed_actions: string[]) => ({ id: 'a', serial_number: 'S1', allowed_actions }) as OtpToken;
  it('offers exactly what the server allows, what ends it last', async () => {
    await allTexts();
    const menu = menuOf(token(['compromise', 'unassign', 'something_new', 'disable']), () => undefined);
    expect(menu.map((entry) => entry.id)).toEqual(['unassign', 'disable', 'compromise', 'copy']);
    expect(menu.filter((entry) => entry.bad).map((entry) => entry.id)).toEqual(['compromise']);
    expect(menu.map((entry) => entry.label)).toEqual(['Unassign from user', 'Disable temporarily', 'Compromise', 'Copy serial number']);
  });
  it('has no reset for one that takes none', () => {
    expect(allowed(token(['assign']))).not.toContain('resync');
    expect(menuOf(token([]), () => undefined).map((entry) => entry.id)).toEqual(['copy']);
  });
});

describe('an emergency code', () => {
  it('is used, good or over', () => {
    expect(stateOf({ good: true, used_at: null })).toBe('emergency.good');
    expect(stateOf({ good: false, used_at: '2026-11-22T12:00:00Z' })).toBe('emergency.used');
    expect(stateOf({ good: false, used_at: null })).toBe('emergency.over');
  });
});
