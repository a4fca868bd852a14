/** What both inventory lists share: the list, policies for its filter, the window asked for, menus. */
import { get } from '$lib/api/client';
import type { Page, Policy, SecurityKey } from '$lib/api/types';
import { t, type Key } from '$lib/i18n/index.svelte';
import { frozen } from '$lib/state/bulk';
import { session } from '$lib/state/session.svelte';
import type { MenuEntry } from '$lib/table/columns';
import { List } from '$lib/table/list.svelte';
import { allowed, begin, DANGEROUS, type Action, type Ask } from './actions';
import { ICONS } from './icons';

/** A line stands above the first entry that ends a key. */
const firstBad = (key: SecurityKey): Action | undefined => allowed(key).find((action) => DANGEROUS.includes(action));

export class Keys {
  readonly list: List<SecurityKey>;
  policies = $state.raw<Policy[]>([]);
  ask = $state.raw<Ask | null>(null);

  constructor(tab: 'stocks' | 'inventory', filters: readonly string[], sort: string) {
    this.list = new List<SecurityKey>({ path: '/security-keys', fixed: { tab }, filters, sort, kind: 'security_key', byIds: true });
    if (session.can('policy.read')) get<Page<Policy>>('/policies', { limit: 200 }).then((page) => { this.policies = page.items; }, () => undefined);
  }

  askOne(action: Action, key: SecurityKey): void {
    const done = (after: SecurityKey | null) => { if (after) this.list.replace(after); else void this.list.reload(); };
    begin({ action, target: { one: key, done } }, (ask) => { this.ask = ask; });
  }

  askMany(action: Action): void {
    this.ask = { action, target: frozen(this.list, this.list.options.fixed as Record<string, string>) };
  }

  menu = (key: SecurityKey): MenuEntry[] => [
    ...allowed(key).map((action) => ({
      id: action, label: t(`menu.${action}` as Key), icon: ICONS[action], run: () => this.askOne(action, key),
      ...(DANGEROUS.includes(action) && { bad: true, apart: action === firstBad(key) }),
    })),
    { id: 'copy', label: t('menu.copy_serial'), icon: ICONS.copy, run: () => void navigator.clipboard.writeText(key.serial_number), apart: allowed(key).length > 0 },
  ];
}
