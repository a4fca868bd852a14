import type { AuditEvent } from '$lib/api/types';
import { number } from '$lib/i18n/format';
import { hasText, t, word } from '$lib/i18n/index.svelte';
import type { FilterDefinition } from '$lib/table/columns';

const PLACES: Record<string, string> = {
  security_key: '/inventory/keys', otp_token: '/inventory/tokens', policy: '/policies', import: '/inventory/imports', import_batch: '/inventory/imports', batch: '/inventory/imports', job: '/jobs', user: '/users',
};
/** Things that share a page. */
const LISTED: Record<string, string> = { administrator: '/settings/administrators', api_token: '/settings/api-tokens', download: '/downloads', radius_client: '/settings/verification', settings: '/settings/tenant', tenant: '/settings/tenant' };

/** The page of what an event is about; a deleted thing has none. */
export function objectHref(event: AuditEvent): string | null {
  const { kind = '', id = null, label = null } = event.object ?? {};
  if (event.action.endsWith('.deleted')) return null;
  if (kind === 'role' && label) return `/settings/roles/${encodeURIComponent(label)}`;
  return PLACES[kind] && id ? `${PLACES[kind]}/${id}` : (LISTED[kind] ?? null);
}

/** What an event is about, by its name, or else by its kind. */
export const objectName = (event: AuditEvent): string => event.object?.label || (event.object?.kind ? word('object', event.object.kind) : '—');

/** The id to look for when only this one's events are wanted. */
export const actorId = (event: AuditEvent): string => (typeof event.actor === 'object' && event.actor ? (event.actor.id ?? '') : '');

/** The options of a filter: each once, and what is chosen even when nothing on the page names it. */
export function optionsOf(chosen: readonly string[], known: readonly { value: string; label: string }[]): FilterDefinition['options'] {
  const options = new Map(known.filter((one) => one.value !== '').map((one) => [one.value, one]));
  for (const value of chosen) if (!options.has(value)) options.set(value, { value, label: value });
  return [...options.values()].sort((a, b) => a.label.localeCompare(b.label));
}

/** Fields whose values the catalogues have words for. */
const WORDED = ['status', 'role', 'mode'];

/** Why, with the reason of a revocation in the reader's words before the operator's own. */
export function reasonOf(event: { action: string; reason?: string | null }): string {
  const [, code = '', note = ''] = /^(\w+)(?:: (.*))?$/s.exec(event.reason ?? '') ?? [];
  if (event.action !== 'security_key.revoked' || !hasText(`revocation.${code}`)) return event.reason ?? '';
  return note ? `${word('revocation', code)}: ${note}` : word('revocation', code);
}

export interface Difference {
  name: string; before: string; after: string;
  /** The users that the two values name by id. */
  users?: { before: string | null; after: string | null };
}
const id = (value: unknown): string | null => (typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value) ? value : null);
/** A field by its word, or by the server's own name. */
const spaced = (name: string): string => (hasText(`field.${name}`) ? word('field', name) : name.replaceAll('_', ' '));

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
  return names.filter((name) => name !== 'revision').map((name) => ({
    name: spaced(name), before: show(old[name], name), after: show(now[name], name),
    ...(name === 'user' && (id(old.user) || id(now.user)) && { users: { before: id(old.user), after: id(now.user) } }),
  })).filter((one) => one.before !== one.after);
}
