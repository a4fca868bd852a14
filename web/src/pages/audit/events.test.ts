import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { events } from '$lib/i18n/en.events';
import type { AuditEvent } from '$lib/api/types';
import { differences, objectHref, objectName, reasonOf } from './events';
import { browserName } from '../account/browser';

const event = (action: string, kind: string, id: string | null): AuditEvent => ({ id: 'e', at: '', action, actor: { kind: 'system', label: 'server' }, object: { kind, id, label: 'it' }, lane: 0, sequence: 1, hash: '' });

describe('audit events', () => {
  it('tell the fields that changed, in words', () => {
    const before = { status: 'ready', same: 1, revision: 1, locked: false };
    const after = { status: 'in_stock', same: 1, revision: 2, locked: true, policy: { id: 'p', name: 'Standard', version: 3 }, counts: { not_good: 1 } };
    expect(differences(before, after)).toEqual([
      { name: 'status', before: 'Ready', after: 'In stock' }, { name: 'locked', before: 'No', after: 'Yes' },
      { name: 'policy', before: '—', after: 'Standard, Version 3' }, { name: 'counts', before: '—', after: 'not good 1' },
    ]);
    expect(differences(null, undefined)).toEqual([]);
  });
  it('tell what a workstation saw, times and sizes as people say them', () => {
    const after = { observations: [{ kind: 'pin_state', state: 'blocked', retries: 0 }, { kind: 'mode', mode: 'managed' }, { kind: 'credential_seen', identity_provider: 'Entra ID', state: 'present' }, { kind: 'seen' }], file_size: 45_120, rotated_at: Date.UTC(2026, 10, 22) * 1000, order: { verb: 'delete' } };
    const told = differences(null, after);
    expect(told.map((one) => one.name)).toEqual(['seen', 'size', 'secret since']);
    expect(told[0]?.after).toBe('PIN: blocked, tries left 0, mode: Managed, credential at Entra ID, Registered, present');
    expect(told[1]?.after).toBe('45.1 kB');
    expect(told[2]?.after).toContain('2026');
  });
  it('name a job by what it does', () => {
    expect(objectName({ ...event('job.cancel_requested', 'job', 'j'), object: { kind: 'job', id: 'j', label: 'bulk.link_policy' } })).toBe('Link policy');
    expect(objectName({ ...event('settings.changed', 'settings', null), object: { kind: 'settings', id: null, label: '' } })).toBe('Settings');
  });
  it('know the users that are named by id', () => {
    const user = '01a03293-2820-723f-92b3-17e2e91bdba8';
    expect(differences({ user: null }, { user })).toEqual([{ name: 'user', before: '—', after: user, users: { before: null, after: user } }]);
    expect(differences(null, { user: 'eva' })).toEqual([{ name: 'user', before: '—', after: 'eva' }]);
  });
  it('say a revocation in words', () => {
    expect(reasonOf({ action: 'security_key.revoked', reason: 'lost: Left in a taxi' })).toBe('Lost: Left in a taxi');
    expect(reasonOf({ action: 'security_key.revoked', reason: 'leaver' })).toBe('User left');
    expect(reasonOf({ action: 'security_key.quarantined', reason: 'lost: no code here' })).toBe('lost: no code here');
    expect(reasonOf({ action: 'security_key.released' })).toBe('');
  });
  it('lead to what still exists', () => {
    expect(objectHref(event('security_key.policy_linked', 'security_key', 'k'))).toBe('/inventory/keys/k');
    expect(objectHref(event('security_key.deleted', 'security_key', 'k'))).toBeNull();
    expect(objectHref(event('session.opened', 'session', 's'))).toBeNull();
  });
});

describe('what the server records', () => {
  const rust = readdirSync(join(import.meta.dirname, '../../../../crates/server/src'), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.rs')).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('\n');
  const actions = [...rust.matchAll(/(?:\baction: |\bchanged\(\s*\w+,\s*|\bentry\(\s*)"([a-z_]+\.[a-z_]+)"/g)].map((hit) => hit[1] ?? '');
  it('has words in the history', () => {
    expect(actions.length).toBeGreaterThan(20);
    expect([...new Set(actions)].filter((action) => !Object.hasOwn(events, `event.${action}`)).sort()).toEqual([]);
  });
});

describe('browsers', () => {
  it('get short names', () => {
    expect(browserName('Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0')).toBe('Firefox 143 · Linux');
    expect(browserName('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0')).toBe('Edge 142 · Windows');
    expect(browserName('curl/8.5.0')).toBe('curl/8.5.0');
  });
});
