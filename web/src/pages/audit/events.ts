import type { AuditEvent } from '$lib/api/types';

/** Offered as filters; others still show, in the server's own words. */
export const AUDIT_ACTIONS = [
  'security_key.policy_linked', 'security_key.policy_unlinked', 'security_key.quarantined', 'security_key.released', 'security_key.deleted', 'security_key.disposed',
  'security_key.revoked', 'import.applied', 'import.undone', 'policy.created', 'policy.changed', 'policy.archived', 'session.opened', 'session.refused', 'api_token.created', 'api_token.revoked',
  'administrator.invited', 'administrator.role_changed', 'administrator.disabled', 'settings.changed',
] as const;

const PLACES: Record<string, string> = { security_key: '/inventory/keys', policy: '/policies', import: '/inventory/imports', import_batch: '/inventory/imports', batch: '/inventory/imports', job: '/jobs' };

/** The page of what an event is about; a deleted key has none. */
export function objectHref(event: AuditEvent): string | null {
  const place = PLACES[event.object?.kind ?? ''];
  return place && event.object?.id && !event.action.endsWith('.deleted') ? `${place}/${event.object.id}` : null;
}

export interface Difference { name: string; before: string; after: string }
const show = (value: unknown): string => (value === undefined || value === null ? '—' : typeof value === 'object' ? JSON.stringify(value) : String(value));

/** The fields that an event changed. */
export function differences(before: unknown, after: unknown): Difference[] {
  const record = (value: unknown) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
  const [old, now] = [record(before), record(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  // The revision moves with every change: it tells nothing here.
  return names.filter((name) => name !== 'revision').map((name) => ({ name, before: show(old[name]), after: show(now[name]) })).filter((one) => one.before !== one.after);
}
