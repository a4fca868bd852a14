/** What a security officer looks at first: its words, its urgency, and the list that it leads to. */
import type { Attention } from '$lib/api/types';
import { t, type Key } from '$lib/i18n/index.svelte';
import type { Action } from '$pages/inventory/actions';

/** What is done to all keys of a list at once; `status` leaves those whose state allows it. */
export interface Verb { action: Action; status?: string }
interface Manner { urgent?: boolean; place?: string; verbs?: Verb[] }
/** The most dangerous first: a key that is revoked here and still accepted elsewhere. */
const MANNERS: Record<string, Manner> = {
  removal_failed: { urgent: true },
  break_glass: { urgent: true, place: '/audit?action=session.break_glass' },
  pending_removal: {},
  failed_mail: {},
  disabled_user_keys: { verbs: [{ action: 'revoke' }, { action: 'unassign', status: 'ready' }] },
  disabled_administrator_tokens: { place: '/settings/api-tokens?creator=disabled' },
  locked: {},
  drift: {},
  single_owner: { place: '/settings/administrators' },
};

export interface Worry { kind: string; count: number; text: string; urgent: boolean; href: string; verbs: Verb[]; filter: Record<string, string>; until: string | null }

/** What has to be looked at, the urgent things first; kinds that this console does not know are left out. */
export function worriesOf(attention: readonly Attention[]): Worry[] {
  const order = Object.keys(MANNERS);
  return attention.filter((one) => one.count > 0 && one.kind in MANNERS)
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map((one) => {
      const manner = MANNERS[one.kind] ?? {};
      const filter = one.filter ?? {};
      // The place is the tab: the address does not name it again.
      const { tab: _tab, ...shown } = filter;
      return {
        kind: one.kind, count: one.count, text: t(`attention.${one.kind}` as Key, { n: one.count }), urgent: manner.urgent ?? false,
        href: manner.place ?? `/inventory?${new URLSearchParams(shown).toString().replaceAll('%2C', ',')}`, verbs: manner.verbs ?? [], filter,
        until: one.kind === 'break_glass' ? (one.newest_at ?? null) : null,
      };
    });
}
