import type { AuditEvent } from '$lib/api/types';
import { bytes, exact, number } from '$lib/i18n/format';
import { hasText, t, word } from '$lib/i18n/index.svelte';
import { jobName } from '$lib/state/jobs.svelte';
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
export function objectName(event: AuditEvent): string {
  const { kind = '', label = null } = event.object ?? {};
  // A job has no name but its kind.
  if (kind === 'job' && label) return jobName(label);
  return label || (kind ? word('object', kind) : '—');
}

/** The id to look for when only this one's events are wanted. */
export const actorId = (event: AuditEvent): string => (typeof event.actor === 'object' && event.actor ? (event.actor.id ?? '') : '');

/** The options of a filter: each once, and what is chosen even when nothing on the page names it. */
export function optionsOf(chosen: readonly string[], known: readonly { value: string; label: string }[]): FilterDefinition['options'] {
  const options = new Map(known.filter((one) => one.value !== '').map((one) => [one.value, one]));
  for (const value of chosen) if (!options.has(value)) options.set(value, { value, label: value });
  return [...options.values()].sort((a, b) => a.label.localeCompare(b.label));
}

const either = (known: boolean, one: string, other: string) => (known ? one : other);
/** Fields whose values the catalogues have words for. */
const WORDED: Record<string, (value: string) => string> = {
  status: (value) => word('status', value),
  role: (value) => word('role', value),
  mode: (value) => word('mode', value),
  method: (value) => word('method', value),
  pin_kind: (value) => word('pin_kind', value),
  read_back: (value) => word('read_back', value),
  identity_provider_state: (value) => word('provider_state', value),
  type: (value) => either(hasText(`otp_type.${value}`), word('otp_type', value), word('policy_type', value)),
  state: (value) => either(hasText(`pin_state.${value}`), word('pin_state', value), word('provider_state', value)),
  kind: (value) => either(hasText(`observed.${value}`), word('observed', value), word('import_kind', value)),
};
const SIZES = ['bytes', 'file_size', 'size'];
/** What tells nobody anything: the revision moves with every change, the others name things by their ids. */
const UNTOLD = ['revision', 'message', 'order'];

/** One thing that a workstation saw: what, and how it was. */
function observed(one: Record<string, unknown>): string {
  const values = Object.entries(one).filter(([key]) => key !== 'kind');
  const told = values.map(([key, value]) => (typeof value === 'number' ? `${spaced(key)} ${number(value)}` : show(value, key)));
  return `${word('observed', String(one.kind))} ${told.join(', ')}`.trim();
}

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
  // Times are recorded in microseconds.
  if (typeof value === 'number') return name.endsWith('_at') ? exact(new Date(value / 1000).toISOString()) : SIZES.includes(name) ? bytes(value) : number(value);
  if (Array.isArray(value)) return value.length > 0 ? value.map((one) => (name === 'observations' ? observed(one as Record<string, unknown>) : show(one))).join(', ') : '—';
  if (typeof value !== 'object') return WORDED[name]?.(String(value)) ?? String(value);
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
  return names.filter((name) => !UNTOLD.includes(name)).map((name) => ({
    name: spaced(name), before: show(old[name], name), after: show(now[name], name),
    ...(name === 'user' && (id(old.user) || id(now.user)) && { users: { before: id(old.user), after: id(now.user) } }),
  })).filter((one) => one.before !== one.after);
}
