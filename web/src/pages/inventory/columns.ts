/** Columns and filters of the two inventory lists, as the first seed names them. */
import { t, word } from '$lib/i18n/index.svelte';
import { get } from '$lib/api/client';
import type { Page, User } from '$lib/api/types';
import { session } from '$lib/state/session.svelte';
import { batchFilter } from './batches';
import type { Column, FilterDefinition, FilterOption } from '$lib/table/columns';
import type { Keys } from './useKeys.svelte';

export const STOCK_COLUMNS: Column[] = [
  { id: 'device', label: 'key.device_name', sort: 'device_name', fixed: true },
  { id: 'serial', label: 'key.serial_number', sort: 'serial_number', width: 164, fixed: true },
  { id: 'version', label: 'key.version', sort: 'version', width: 96 },
  { id: 'status', label: 'key.status', sort: 'status', width: 126 },
  { id: 'policy', label: 'key.policy', sort: 'policy', width: 152 },
  { id: 'imported', label: 'key.imported', sort: 'imported_at', width: 132 },
  { id: 'batch', label: 'key.batch', width: 176, optional: true },
];
export const ASSIGNED_COLUMNS: Column[] = [
  { id: 'device', label: 'key.device', sort: 'device_name', fixed: true },
  { id: 'mode', label: 'key.mode', width: 118 },
  { id: 'policy', label: 'key.policy', sort: 'policy', width: 148 },
  { id: 'user', label: 'key.user', width: 148 },
  { id: 'status', label: 'key.status', sort: 'status', width: 216 },
  { id: 'serial', label: 'key.serial_number', sort: 'serial_number', width: 160, optional: true },
  { id: 'idp', label: 'key.idp', width: 148, optional: true },
  { id: 'seen', label: 'key.last_seen', width: 132, optional: true },
  { id: 'updated', label: 'key.updated', sort: 'updated_at', width: 132, optional: true },
];

const words = (prefix: string, values: string[]) => values.map((value) => ({ value, label: word(prefix, value) }));
const policyFilter = ({ policies }: Keys): FilterDefinition => ({
  name: 'policy', label: 'key.policy',
  options: [{ value: 'none', label: t('policies.none') }, ...policies.map((policy) => ({ value: policy.id, label: policy.name }))],
});
const contains = (text: string, part: string) => text.toLocaleLowerCase().includes(part.toLocaleLowerCase());

async function people(text: string): Promise<FilterOption[]> {
  const { items } = await get<Page<User>>('/users', { q: text, limit: 12 });
  return items.map((one) => ({ value: one.id, label: one.user_name }));
}
/** What the rows on screen name, and whatever is typed: nobody keeps a list of them. */
const providers = (keys: Keys) => (text: string): Promise<FilterOption[]> => {
  const seen = new Set(keys.list.items.flatMap((key) => key.identity_provider ?? []));
  const found = [...seen].filter((name) => contains(name, text));
  const names = text && !found.includes(text) ? [...found, text] : found;
  return Promise.resolve(names.map((name) => ({ value: name, label: name })));
};
const userFilter: FilterDefinition = { name: 'user', label: 'key.user', options: [], find: people, nameOf: async (id) => (await get<User>(`/users/${id}`)).user_name };

export const STOCK_FILTERS = ['status', 'policy', 'batch'] as const;
export const ASSIGNED_FILTERS = ['status', 'mode', 'policy', 'identity_provider', 'user', 'user_status', 'batch', 'locked', 'drift', 'removal', 'mail'] as const;

export const stockFilters = (keys: Keys): FilterDefinition[] => [
  { name: 'status', label: 'key.status', options: words('status', ['in_stock', 'ready', 'quarantined']) },
  policyFilter(keys), batchFilter('security_keys'),
];
export const assignedFilters = (keys: Keys): FilterDefinition[] => [
  { name: 'status', label: 'key.status', options: words('status', ['ready', 'configured', 'enrolled', 'suspended', 'revoked']) },
  policyFilter(keys),
  { name: 'mode', label: 'key.mode', options: words('mode', ['managed', 'unmanaged', 'foreign']) },
  { name: 'identity_provider', label: 'key.idp', options: [], find: providers(keys) },
  ...(session.can('user.read') ? [userFilter, { name: 'user_status', label: 'key.user_status' as const, options: words('user_status', ['active', 'disabled']) }] : []),
  batchFilter('security_keys'),
  { name: 'locked', label: 'key.locked', options: [{ value: 'true', label: t('common.yes') }, { value: 'false', label: t('common.no') }] },
  { name: 'drift', label: 'key.drift', options: [{ value: 'true', label: t('common.yes') }, { value: 'false', label: t('common.no') }] },
  { name: 'removal', label: 'key.removal', options: words('removal', ['pending', 'failed']) },
  { name: 'mail', label: 'key.mail', options: words('mail', ['failed']) },
];
