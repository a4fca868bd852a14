/** What a security officer looks at first: its words, its urgency, and the list that it leads to. */
import type { Attention } from '$lib/api/types';
import { t, type Key } from '$lib/i18n/index.svelte';
import type { Action } from '$pages/inventory/actions';

interface Manner { urgent?: boolean; filter?: Record<string, string>; place?: string; verbs?: Action[] }
/** The most dangerous first: a key that is revoked here and still accepted elsewhere. */
const MANNERS: Record<string, Manner> = {
  removal_failed: { urgent: true, filter: { status: 'revoked', identity_provider_state: 'removal_failed' } },
  break_glass: { urgent: true, place: '/audit?action=session.break_glass' },
  pending_removal: { filter: { status: 'revoked', identity_provider_state: 'removal_pending' } },
  failed_mail: { filter: { mail: 'failed' } },
  disabled_user_keys: { filter: { user_status: 'disabled', status: 'ready,configured,enrolled,suspended' }, verbs: ['revoke', 'unassign'] },
  locked: { filter: { locked: 'true' } },
  drift: { filter: { drift: 'true' } },
  single_owner: { place: '/settings/administrators' },
};

export interface Worry { kind: string; count: number; text: string; urgent: boolean; href: string; verbs: Action[]; filter: Record<string, string> | null }

/** What has to be looked at, the urgent things first; kinds that this console does not know are left out. */
export function worriesOf(attention: readonly Attention[]): Worry[] {
  const order = Object.keys(MANNERS);
  return attention.filter((one) => one.count > 0 && one.kind in MANNERS)
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map((one) => {
      const manner = MANNERS[one.kind] ?? {};
      const filter = manner.place ? null : (one.filter ?? manner.filter ?? {});
      return {
        kind: one.kind, count: one.count, text: t(`attention.${one.kind}` as Key, { n: one.count }), urgent: manner.urgent ?? false,
        href: manner.place ?? `/inventory?${new URLSearchParams(filter ?? {}).toString().replaceAll('%2C', ',')}`, verbs: manner.verbs ?? [], filter,
      };
    });
}
