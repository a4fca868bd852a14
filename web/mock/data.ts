// Made-up keys, policies and events; the same on every start.
import type { AuditEvent, Policy, SecurityKey, Status } from '../src/lib/api/types';

let seed = 7;
const random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
export const uuid = (kind: number, n: number) => `0190${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
export const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

export const policies: Policy[] = ['Standard EU', 'Enterprise Finance', 'Contractors', 'Executives', 'Shop floor', 'Lab (archived)'].map((name, index) => ({
  id: uuid(1, index + 1), revision: 1 + index, version: 1 + (index % 3), name, type: index === 1 || index === 3 ? 'enterprise' : 'standard',
  min_pin_length: 4 + index, force_pin_change: true, always_uv: index % 2 === 1, min_pin_length_rp_ids: [], allowed_services: index === 1 ? ['login.example.com', 'erp.example.com'] : [],
  enterprise_attestation: index === 1, pin_kind: index === 4 ? 'digits' : 'characters', reset_allowed: index !== 1, initial_pin_days: 30,
  in_use: index < 4, archived: index === 5, created_at: ago(90_000), updated_at: ago(index * 3000),
}));

const MODELS = ['SafeNet eToken Fusion NFC PIV Enterprise', 'eToken Fusion NFC', 'SafeNet IDPrime 3940 FIDO', 'eToken FIDO USB-C'];
const VERSIONS = ['FIDO_2_1', 'FIDO_2_1', 'FIDO_2_0', 'FIDO_2_1_PRE'];
const STOCK: Status[] = ['in_stock', 'ready', 'ready', 'in_stock', 'ready', 'quarantined'];
const OUT: Status[] = ['enrolled', 'enrolled', 'enrolled', 'configured', 'suspended', 'revoked'];

export function actionsOf(key: SecurityKey): string[] {
  if (key.status === 'in_stock') return ['link_policy', 'quarantine', 'delete', 'dispose'];
  if (key.status === 'ready') return ['link_policy', 'unlink_policy', 'quarantine', 'delete', 'dispose', 'assign'];
  if (key.status === 'quarantined') return ['release', 'dispose'];
  if (key.status === 'revoked') return ['reinstate', 'dispose'];
  return [];
}

export function makeKey(n: number, out: boolean): SecurityKey {
  const status = pick(out ? OUT : STOCK);
  const policy = status === 'in_stock' || status === 'quarantined' ? null : pick(policies.slice(0, 5));
  const model = Math.floor(random() * 4);
  const when = ago(Math.floor(random() * 60 * 24 * 90) + 2);
  const key: SecurityKey = {
    id: uuid(out ? 3 : 2, n), revision: 1, device_name: MODELS[model] ?? '', serial_number: `00${10_000_000 + n * 7}`, version: VERSIONS[model] ?? '', status,
    mode: out && random() > 0.3 ? 'managed' : 'unmanaged', locked: out && random() > 0.93, policy: policy && { id: policy.id, name: policy.name, version: policy.version },
    user: out ? { id: uuid(4, n), user_name: pick(['jan.novak', 'eva.schmidt', 'p.dvorak', 'maria.huber', 'tom.baker']) + '@acme.example' } : null,
    aaguid: out ? '51ac5ed4-3a2d-4a1b-9c1f-0d4c6a7e9b10' : null, identity_provider: out ? 'Entra ID' : null, identity_provider_state: out ? 'present' : 'none', firmware: out ? '2.3.1' : null, generation: 1, drift: out && random() > 0.9,
    allowed_actions: [], batch: { id: uuid(5, 1), file_name: 'delivery-2026-11.csv' }, imported_at: when, updated_at: when, last_seen_at: out ? ago(random() * 9000) : null,
    attributes: {}, status_reason: status === 'quarantined' ? 'Blister opened on arrival' : null,
  };
  key.allowed_actions = actionsOf(key);
  return key;
}

export const keys: SecurityKey[] = [];
for (let n = 1; n <= 4812; n += 1) keys.push(makeKey(n, false));
for (let n = 1; n <= 3211; n += 1) keys.push(makeKey(n, true));

const ACTIONS = ['security_key.policy_linked', 'security_key.deleted', 'import.applied', 'policy.created', 'session.opened', 'security_key.quarantined', 'api_token.created'];
export const audit: AuditEvent[] = Array.from({ length: 640 }, (_, n) => {
  const action = pick(ACTIONS);
  const kind = action.split('.')[0] ?? '';
  return {
    id: uuid(6, n), at: ago(n * 37 + 3), action, actor: { id: uuid(7, n % 3), kind: 'administrator', label: pick(['Eva Procházková', 'Petr Malý', 'Warehouse script']) },
    source: '10.20.0.' + (n % 200), object: { kind, id: keys[n]?.id ?? null, label: kind === 'security_key' ? (keys[n]?.serial_number ?? '') : kind === 'policy' ? 'Standard EU' : kind === 'import' ? 'delivery-2026-11.csv' : '' },
    before: null, after: kind === 'security_key' ? ({ status: 'ready', policy: 'Standard EU' } as never) : null, lane: 0, sequence: n, hash: '', reason: action.endsWith('quarantined') ? 'Blister opened on arrival' : null, ticket: null, request_id: 'req_' + n,
  };
});
