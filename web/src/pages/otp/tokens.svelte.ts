/** The list of tokens: its columns, its filters, its menus, and the window that is open over it. */
import { get } from '$lib/api/client';
import type { OtpToken } from '$lib/api/otp';
import type { Page, User } from '$lib/api/types';
import { t, word, type Key } from '$lib/i18n/index.svelte';
import { frozen } from '$lib/state/bulk';
import { session } from '$lib/state/session.svelte';
import type { Column, FilterDefinition, FilterOption, MenuEntry } from '$lib/table/columns';
import { List } from '$lib/table/list.svelte';
import { batchFilter } from '../inventory/batches';
import { allowed, type Action, type Ask } from './actions';
import { ICONS } from './icons';

export const STATUSES = ['active', 'disabled', 'compromised', 'expired'] as const;
export const TYPES = ['hotp', 'totp'] as const;
export const COLUMNS: Column[] = [
  { id: 'serial', label: 'key.serial_number', sort: 'serial_number', fixed: true },
  { id: 'type', label: 'otp.type', sort: 'type', width: 72 },
  { id: 'status', label: 'key.status', sort: 'status', width: 140 },
  { id: 'user', label: 'key.user', sort: 'user', width: 160 },
  { id: 'locked', label: 'key.locked', width: 92 },
  { id: 'used', label: 'otp.last_used', width: 110 },
  { id: 'imported', label: 'otp.imported', sort: 'imported_at', width: 112 },
  { id: 'updated', label: 'key.updated', width: 124, optional: true },
  { id: 'maker', label: 'otp.manufacturer', width: 148, optional: true },
  { id: 'model', label: 'otp.model', width: 148, optional: true },
  { id: 'batch', label: 'key.batch', width: 168, optional: true },
];

async function people(text: string): Promise<FilterOption[]> {
  const { items } = await get<Page<User>>('/users', { q: text, limit: 12 });
  return items.map((one) => ({ value: one.id, label: one.user_name }));
}
export const nameOfUser = async (id: string): Promise<string> => (await get<User>(`/users/${id}`)).user_name;

export const filters = (): FilterDefinition[] => [
  { name: 'status', label: 'key.status', options: STATUSES.map((value) => ({ value, label: word('otp_status', value) })) },
  { name: 'type', label: 'otp.type', options: TYPES.map((value) => ({ value, label: word('otp_type', value) })), single: true },
  ...(session.can('user.read') ? [{ name: 'user', label: 'key.user' as const, options: [], find: people, nameOf: nameOfUser, single: true }] : []),
  { name: 'locked', label: 'key.locked', options: [{ value: 'true', label: t('common.yes') }, { value: 'false', label: t('common.no') }], single: true },
  { ...batchFilter('otp_tokens'), single: true },
];

export class Tokens {
  readonly list = new List<OtpToken>({ path: '/otp-tokens', filters: ['status', 'type', 'user', 'locked', 'batch'], sort: '-imported_at', kind: 'otp_token', byIds: true });
  ask = $state.raw<Ask | null>(null);

  askMany(action: Action): void { this.ask = { action, target: frozen(this.list) }; }

  menu = (token: OtpToken): MenuEntry[] => menuOf(token, (action) => {
    this.ask = { action, target: { one: token, done: (after) => this.list.replace(after) } };
  });
}

/** The menu of a token: what it takes now, then what concerns nobody but the reader. */
export function menuOf(token: OtpToken, start: (action: Action) => void): MenuEntry[] {
  const actions = allowed(token);
  return [
    ...actions.map((action) => ({
      id: action, label: t(`otp_menu.${action}` as Key), icon: ICONS[action], run: () => start(action),
      ...(action === 'compromise' && { bad: true, apart: true }),
    })),
    { id: 'copy', label: t('menu.copy_serial'), icon: ICONS.copy, run: () => void navigator.clipboard.writeText(token.serial_number), apart: actions.length > 0 },
  ];
}
