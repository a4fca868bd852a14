import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SecurityKey } from '$lib/api/types';
import { session } from '$lib/state/session.svelte';
import { allowed, begin, type Ask } from '../actions';
import { circumstancesOf, hintOf, type Circumstances } from './circumstances';
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
const many = (count: number) => ({ items: Array.from({ length: count }, (_, n) => ({ id: `k${n}` })), total: { count, capped: false } });
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
  const fine: Circumstances = { byDefault: false, held: true, address: true, server: true, last: false };
  it('says why nobody can be told', () => {
    expect(hintOf(fine)).toBe('');
    expect(hintOf({ ...fine, held: false })).toBe('Nobody has this key.');
    expect(hintOf({ ...fine, address: false })).toBe('The user has no e-mail address.');
    expect(hintOf({ ...fine, server: false })).toBe('No mail server is set up in the settings.');
  });
  it('offers the notification when the operator may not see address and settings', async () => {
    as('inventory.read', 'key.revoke');
    serve({ '/security-keys': many(2) });
    const known = await circumstancesOf(key());
    expect(known).toEqual({ byDefault: false, held: true, address: null, server: null, last: false });
    expect(hintOf(known)).toBe('');
  });
  it('knows the last usable key of a user', async () => {
    as('inventory.read', 'user.read', 'settings.read');
    serve({ '/security-keys': many(1), '/users/u1': { email: 'eva@example.test' }, '/settings': { revoke_notifies: true, mail: { host: 'mail' } } });
    expect(await circumstancesOf(key())).toEqual({ byDefault: true, held: true, address: true, server: true, last: true });
    expect((await circumstancesOf(key({ status: 'revoked' }))).last).toBe(false);
  });
});
