/** What the revoke window has to know about a key's user and the tenant; what the operator may not see stays unknown. */
import { get } from '$lib/api/client';
import type { Page, SecurityKey, Settings, User } from '$lib/api/types';
import { t } from '$lib/i18n/index.svelte';
import { session } from '$lib/state/session.svelte';

export interface Circumstances {
  /** The tenant's default of the toggle. */
  byDefault: boolean;
  /** Nobody has the key, so nobody can be told. */
  held: boolean;
  /** Whether the user has an address; `null`: not ours to know. */
  address: boolean | null;
  /** Whether the tenant has a mail server. */
  server: boolean | null;
  /** It is the only key that its user can still use. */
  last: boolean;
}
const USABLE = 'ready,configured,enrolled,suspended';

async function isLast(key: SecurityKey): Promise<boolean> {
  if (!key.user || !USABLE.split(',').includes(key.status)) return false;
  const page = await get<Page<SecurityKey>>('/security-keys', { user: key.user.id, status: USABLE, limit: 2 });
  return page.items.length === 1;
}

/** For one key, or for a selection of many (`null`), whose users differ. */
export async function circumstancesOf(key: SecurityKey | null): Promise<Circumstances> {
  const holder = key?.user;
  const [settings, user, last] = await Promise.all([
    session.can('settings.read') ? get<Settings>('/settings').catch(() => null) : null,
    holder && session.can('user.read') ? get<User>(`/users/${holder.id}`).catch(() => null) : null,
    key ? isLast(key).catch(() => false) : false,
  ]);
  return {
    byDefault: settings?.revoke_notifies ?? false, held: key === null || Boolean(holder),
    address: user ? Boolean(user.email) : null, server: settings ? Boolean(settings.mail) : null, last,
  };
}

/** Why the toggle is of no use; empty when it is. */
export function hintOf(known: Circumstances): string {
  if (!known.held) return t('revoke.no_user');
  if (known.address === false) return t('revoke.no_address');
  return known.server === false ? t('revoke.no_server') : '';
}
