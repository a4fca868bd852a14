import type { AuditEvent } from '$lib/api/types';
import { number } from '$lib/i18n/format';
import { t, word } from '$lib/i18n/index.svelte';

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

/** Fields whose values the catalogues have words for. */
const WORDED = ['status', 'role'];

export interface Difference { name: string; before: string; after: string }
const spaced = (name: string): string => name.replaceAll('_', ' ');

/** A recorded value as people say it; an object by its name when it has one. */
function show(value: unknown, name = ''): string {
  if (value === undefined || value === null || value === '') return '—';
  if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) return value.length > 0 ? value.map((one) => show(one)).join(', ') : '—';
  if (typeof value !== 'object') return WORDED.includes(name) ? word(name, String(value)) : String(value);
  const fields = value as Record<string, unknown>;
  if (typeof fields.name === 'string') return typeof fields.version === 'number' ? `${fields.name}, ${t('policies.version', { version: fields.version })}` : fields.name;
  // An id tells nobody anything beside the other fields.
  const told = Object.entries(fields).filter(([key], _, all) => key !== 'id' || all.length === 1);
  return told.map(([key, one]) => `${spaced(key)} ${show(one, key)}`).join(', ');
}

/** `old → new`, or only the new value of what was not there before. */
export const changeOf = (one: Difference): string => (one.before === '—' ? one.after : `${one.before} → ${one.after}`);

/** The fields that an event changed. */
export function differences(before: unknown, after: unknown): Difference[] {
  const record = (value: unknown) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
  const [old, now] = [record(before), record(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  // The revision moves with every change: it tells nothing here.
  return names.filter((name) => name !== 'revision').map((name) => ({ name: spaced(name), before: show(old[name], name), after: show(now[name], name) })).filter((one) => one.before !== one.after);
}
