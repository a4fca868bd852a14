// Keys in people's hands, in the stand-in: what needs attention, initial PINs, a second person, what a revocation asks first.
import type { Answer, Asked } from './api.ts';
import { ago, keys, policies, uuid } from './data.ts';

type Route = [string, RegExp, (asked: Asked, id: string, verb: string) => Answer];
const out = keys.filter((key) => key.id.startsWith('01900003'));
const of = (status: string) => out.filter((key) => key.status === status);

// The first revoked keys: one whose mail failed and whose credential is still accepted, one that waits, one that was stolen and may come back.
const [failed, waiting, stolen] = of('revoked');
if (failed) Object.assign(failed, { identity_provider_state: 'removal_failed', status_reason: 'lost', mail: { state: 'failed', at: ago(95), attempts: 14, detail: '550 5.1.1 jan.novak@acme.example: Recipient address rejected: User unknown' } });
if (waiting) Object.assign(waiting, { identity_provider_state: 'removal_pending', status_reason: 'leaver', mail: { state: 'sent', at: ago(40), attempts: 1 } });
if (stolen) Object.assign(stolen, { identity_provider_state: 'removed', status_reason: 'stolen' });
for (const key of out) {
  if (key.status === 'enrolled') key.allowed_actions = ['suspend', 'revoke', 'initial_pin'];
  if (key.status === 'configured') key.allowed_actions = ['assign', 'unassign', 'revoke', 'initial_pin'];
  if (key.status === 'suspended') key.allowed_actions = ['resume', 'revoke'];
}

const sum = (list: readonly unknown[], share: number) => Math.round(list.length * share);
const slice = (name: string, count: number, id: string | null = null) => ({ id, name, count });
const used = out.filter((key) => key.status !== 'revoked');
const overview = () => ({
  counts: {
    by_state: ['in_stock', 'ready', 'configured', 'enrolled', 'suspended', 'revoked'].map((name) => slice(name, keys.filter((key) => key.status === name).length)),
    by_policy: [...policies.slice(0, 5).map((policy) => slice(policy.name, used.filter((key) => key.policy?.id === policy.id).length, policy.id)), slice('', 12)].sort((a, b) => b.count - a.count),
    by_model: [...new Set(used.map((key) => key.device_name))].map((name) => slice(name, used.filter((key) => key.device_name === name).length)).sort((a, b) => b.count - a.count),
    by_age: [['under_1_year', 0.55], ['1_to_2_years', 0.24], ['2_to_3_years', 0.13], ['3_to_5_years', 0.07], ['over_5_years', 0.01]].map(([name, share]) => slice(String(name), sum(used, Number(share)))),
  },
  attention: [
    { kind: 'removal_failed', count: 1, capped: false, filter: { removal: 'failed' } },
    { kind: 'pending_removal', count: 1, capped: false, filter: { removal: 'pending' } },
    { kind: 'break_glass', count: 2, capped: false, newest_at: ago(50) },
    { kind: 'failed_mail', count: 1, capped: false, filter: { mail: 'failed' } },
    { kind: 'disabled_user_keys', count: 23, capped: false, filter: { user_status: 'disabled', status: 'ready,configured,enrolled,suspended' } },
    { kind: 'disabled_administrator_tokens', count: 2, capped: false },
    { kind: 'locked', count: out.filter((key) => key.locked).length, capped: false, filter: { locked: 'true' } },
    { kind: 'drift', count: out.filter((key) => key.drift).length, capped: false, filter: { drift: 'true' } },
    { kind: 'single_owner', count: 1, capped: false },
  ],
});
const request = (id: string, status: string) => ({
  id: uuid(16, 1), kind: 'reinstate', status, security_key: { id, serial_number: stolen?.serial_number ?? '' }, reason: 'Found behind the desk, seal unbroken',
  requested_by: { person: 'petr@acme.example', label: 'Petr Malý' }, created_at: ago(4), expires_at: ago(-11),
});
const pin = (id: string) => {
  const hidden = keys.find((key) => key.id === id)?.status === 'configured';
  const state = hidden ? 'hidden' : 'available';
  return {
    device_type: 'enterprise', fields: ['user_pin', 'admin_pin'], state, hidden_on: hidden ? ago(4000) : null, superseded_on: null, assigned_on: ago(60_000), requires_step_up: true, requires_approval: false, remaining: 19,
    details: [{ field: 'user_pin', state }, { field: 'admin_pin', state: hidden ? 'superseded' : state, superseded_on: hidden ? ago(900) : null }],
  };
};

/** Conditions of the list that only keys in hands have. */
export function inHands(key: (typeof keys)[number], query: URLSearchParams): boolean {
  const any = (name: string) => (query.get(name) ?? '').split(',').filter(Boolean);
  if (any('removal').length > 0 && !any('removal').some((state) => key.identity_provider_state === `removal_${state}`)) return false;
  if (query.get('mail') && key.mail?.state !== query.get('mail')) return false;
  if (query.get('locked') && key.locked !== (query.get('locked') === 'true')) return false;
  return !query.get('user_status') || Number.parseInt(key.id.slice(-3), 16) % 90 === 1;
}

export const hands: Route[] = [
  ['GET', /^\/overview$/, () => ({ body: overview() })],
  ['POST', /^\/audit\/acknowledgements$/, () => ({ body: { count: 2 } })],
  ['GET', /^\/approvals$/, ({ query }) => ({ body: { items: query.get('status') === 'pending' && stolen ? [request(stolen.id, 'pending')] : [], next_cursor: null } })],
  ['POST', /^\/approvals$/, ({ body }) => ({ status: 201, body: { ...request(String(body.security_key_id), 'pending'), requested_by: { person: 'eva@acme.example', label: 'Eva' } } })],
  ['GET', /^\/security-keys\/(?:([^/]+)\/)?revocation-preview$/, (_, id) => ({ body: { can_notify: true, default_notify: true, last_key: Boolean(id), removes_credential: Boolean(id) } })],
  ['GET', /^\/security-keys\/([^/]+)\/initial-pin$/, (_, id) => ({ body: pin(id) })],
  ['POST', /^\/security-keys\/([^/]+)\/initial-pin\/show$/, ({ body }) => ({ body: { field: body.field, value: body.field === 'user_pin' ? '7249-0183' : 'kR7w-2mQx-9vTb-4hZe', expires_at: ago(-0.5) } })],
];
