/** Columns and filters of the two inventory lists, as the first seed names them. */
import { t, word } from '$lib/i18n/index.svelte';
import type { Policy } from '$lib/api/types';
import type { Column, FilterDefinition } from '$lib/table/columns';

export const STOCK_COLUMNS: Column[] = [
  { id: 'device', label: 'key.device_name', sort: 'device_name', fixed: true },
  { id: 'serial', label: 'key.serial_number', sort: 'serial_number', width: 184, fixed: true },
  { id: 'version', label: 'key.version', sort: 'version', width: 96 },
  { id: 'status', label: 'key.status', sort: 'status', width: 128 },
  { id: 'policy', label: 'key.policy', sort: 'policy', width: 136 },
  { id: 'imported', label: 'key.imported', sort: 'imported_at', width: 124 },
  { id: 'batch', label: 'key.batch', width: 176, optional: true },
];
export const ASSIGNED_COLUMNS: Column[] = [
  { id: 'device', label: 'key.device', sort: 'device_name', fixed: true },
  { id: 'mode', label: 'key.mode', width: 118 },
  { id: 'policy', label: 'key.policy', sort: 'policy', width: 160 },
  { id: 'user', label: 'key.user', width: 208 },
  { id: 'status', label: 'key.status', sort: 'status', width: 176 },
  { id: 'serial', label: 'key.serial_number', sort: 'serial_number', width: 160, optional: true },
  { id: 'updated', label: 'key.updated', sort: 'updated_at', width: 132, optional: true },
];

const words = (prefix: string, values: string[]) => values.map((value) => ({ value, label: word(prefix, value) }));
const policyFilter = (policies: Policy[]): FilterDefinition => ({
  name: 'policy', label: 'key.policy',
  options: [{ value: 'none', label: t('policies.none') }, ...policies.map((policy) => ({ value: policy.id, label: policy.name }))],
});

export const stockFilters = (policies: Policy[]): FilterDefinition[] => [
  { name: 'status', label: 'key.status', options: words('status', ['in_stock', 'ready', 'quarantined']) },
  policyFilter(policies),
];
export const assignedFilters = (policies: Policy[]): FilterDefinition[] => [
  { name: 'status', label: 'key.status', options: words('status', ['configured', 'enrolled', 'suspended', 'revoked']) },
  policyFilter(policies),
  { name: 'mode', label: 'key.mode', options: words('mode', ['managed', 'unmanaged', 'foreign']) },
  { name: 'locked', label: 'key.locked', options: [{ value: 'true', label: t('common.yes') }, { value: 'false', label: t('common.no') }] },
  { name: 'drift', label: 'key.drift', options: [{ value: 'true', label: t('common.yes') }, { value: 'false', label: t('common.no') }] },
];
