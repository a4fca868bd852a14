import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RevocationPreview, SecurityKey } from '$lib/api/types';
import { session } from '$lib/state/session.svelte';
import { allowed, begin, type Ask } from '../actions';
import { circumstancesOf, hintOf } from './circumstances';
import { secondsLeft } from './shown';

const key = (more: Partial<SecurityKey> = {}): SecurityKey => ({
  id: 'k1', revision: 3, device_name: 'eToken', serial_number: '0042', version: 'FIDO_2_1', status: 'enrolled', mode: 'unmanaged', locked: false, generation: 1, drift: false,
  allowed_actions: [], imported_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', user: { id: 'u1', user_name: 'eva' }, identity_provider_state: 'present', ...more,
});
const serve = (answers: Record<string, unknown>) => vi.stubGlobal('fetch', vi.fn(async (url: string) => {
  const hit = Object.entries(answers).find(([path]) => url.startsWith(`/api/v1${path}`));
  return hit ? new Response(JSON.stringify(hit[1])) : new Response('{}', { status: 404 });
}));
const as = (...privileges: string[]) => { session.current = { privileges } as never; };
afterEach(() => { vi.unstubAllGlobals(); session.current = null; });

describe('a shown secret', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  it('stands as long as the server says, and never longer than half a minute', () => {
    expect(secondsLeft('2026-11-22T12:00:20Z', now)).toBe(20);
    expect(secondsLeft('2026-11-22T12:10:00Z', now)).toBe(30);
  });
  it('is readable although the clocks differ', () => {
    expect(secondsLeft('2026-11-22T11:59:00Z', now)).toBe(30);
    expect(secondsLeft('nonsense', now)).toBe(30);
  });
});

describe('the menu of a key', () => {
  it('has exactly what the server allows, what ends a key last', () => {
    expect(allowed(key({ allowed_actions: ['delete', 'revoke', 'enroll', 'suspend', 'initial_pin', 'configure'] }))).toEqual(['initial_pin', 'suspend', 'revoke', 'delete']);
    expect(allowed(key())).toEqual([]);
  });
  it('opens a window for what cannot be taken back, and does the rest at once', async () => {
    const done = vi.fn();
    const open = vi.fn();
    serve({ '/security-keys/k1/suspend': key({ status: 'suspended', revision: 4 }), '/security-keys/counts': {} });
    const ask = (action: Ask['action']): Ask => ({ action, target: { one: key(), done } });
    begin(ask('revoke'), open);
    expect(open).toHaveBeenCalledOnce();
    begin(ask('suspend'), open);
    await vi.waitFor(() => expect(done).toHaveBeenCalledWith(expect.objectContaining({ status: 'suspended' })));
    expect(open).toHaveBeenCalledOnce();
  });
  it('asks first when a selection is meant', () => {
    const open = vi.fn();
    begin({ action: 'suspend', target: { many: () => ({ ids: ['k1'] }), all: false, count: 1, done: vi.fn() } }, open);
    expect(open).toHaveBeenCalledOnce();
  });
});

describe('the revoke window', () => {
  const fine: RevocationPreview = { can_notify: true, default_notify: false, last_key: false, removes_credential: false };
  it('says why nobody can be told', () => {
    expect(hintOf(fine)).toBe('');
    expect(hintOf({ ...fine, why_not: 'no_holder' })).toBe('Nobody has this key.');
    expect(hintOf({ ...fine, why_not: 'no_address' })).toBe('The user has no e-mail address.');
    expect(hintOf({ ...fine, why_not: 'no_mail_server' })).toBe('No mail server is set up in the settings.');
  });
  it('asks the server, so that who may not see settings and users has the right default too', async () => {
    as('inventory.read', 'key.revoke');
    serve({ '/security-keys/k1/revocation-preview': { ...fine, default_notify: true, last_key: true }, '/security-keys/revocation-preview': { ...fine, can_notify: false, why_not: 'no_mail_server' } });
    expect(await circumstancesOf(key())).toEqual({ ...fine, default_notify: true, last_key: true });
    expect((await circumstancesOf(null)).why_not).toBe('no_mail_server');
  });
});
