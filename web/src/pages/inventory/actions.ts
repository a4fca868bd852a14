/** What may be done to keys, one or many, and how it is carried out and told. */
import { post, remove } from '$lib/api/client';
import type { SecurityKey } from '$lib/api/types';
import { t, type Key } from '$lib/i18n/index.svelte';
import { carryOut, countOf, type Many } from '$lib/state/bulk';
import { counts } from '$lib/state/counts.svelte';
import { once } from '$lib/state/once';
import { session } from '$lib/state/session.svelte';
import { toasts } from '$lib/state/toasts.svelte';

/** In the order of the menu; what ends a key comes last. */
export const ACTIONS = [
  'initial_pin', 'assign', 'unassign', 'suspend', 'resume', 'link_policy', 'unlink_policy', 'quarantine', 'release', 'reinstate', 'revoke', 'delete', 'dispose',
] as const;
export type Action = (typeof ACTIONS)[number];
/** One key, or a selection with a way to reload what is on screen afterwards. */
export type Target =
  | { one: SecurityKey; done: (key: SecurityKey | null) => void }
  | Many;
export interface Ask { action: Action; target: Target }

const PRIVILEGE: Partial<Record<Action, string>> = {
  link_policy: 'stock.link', unlink_policy: 'stock.link', quarantine: 'stock.link', release: 'stock.link', delete: 'stock.delete', dispose: 'key.dispose',
  assign: 'key.assign', unassign: 'key.assign', suspend: 'key.suspend', resume: 'key.suspend', revoke: 'key.revoke', reinstate: 'key.reinstate',
};
export const DANGEROUS: readonly Action[] = ['revoke', 'delete', 'dispose'];
/** Taken back with one click, so no window asks first. */
const AT_ONCE: readonly Action[] = ['unassign', 'suspend', 'resume'];

/** For a selection; what a single key takes is the server's word, `allowed_actions`. */
export const privileged = (action: Action): boolean => session.can(PRIVILEGE[action] ?? '');
export const allowed = (key: SecurityKey): Action[] => ACTIONS.filter((action) => key.allowed_actions.includes(action));

type Body = Record<string, unknown>;
const path = (key: SecurityKey, action: Action) => `/security-keys/${key.id}/${action.replaceAll('_', '-')}`;

async function send(key: SecurityKey, action: Action, body: Body): Promise<SecurityKey | null> {
  if (action !== 'delete') return (await post<SecurityKey>(path(key, action), body, { revision: key.revision })) ?? null;
  await remove(`/security-keys/${key.id}`, { revision: key.revision });
  return null;
}

/** The command that takes an action back, if there is one. */
function reverse(before: SecurityKey, action: Action): [Action, Body] | null {
  if (action === 'quarantine') return before.policy ? null : ['release', {}];
  if (action === 'suspend') return ['resume', {}];
  if (action === 'resume') return ['suspend', {}];
  if (action === 'unassign') return before.user ? ['assign', { user_id: before.user.id }] : null;
  if (action === 'assign') return ['unassign', {}];
  if (action === 'unlink_policy' || action === 'link_policy') return before.policy ? ['link_policy', { policy_id: before.policy.id }] : ['unlink_policy', {}];
  return null;
}

export async function actOnOne(key: SecurityKey, action: Action, body: Body, done: (key: SecurityKey | null) => void): Promise<void> {
  const after = await send(key, action, body);
  done(after);
  void counts.refresh();
  const text = t(`done.${action}` as Key, { serial: key.serial_number, user: (after ?? key).user?.user_name ?? key.user?.user_name ?? '' });
  const back = reverse(key, action);
  if (back && after) toasts.undoable(text, async () => done(await send(after, back[0], back[1])));
  else toasts.say(text);
}

/** Carries out what needs no window, and opens the window of everything else. */
export function begin(ask: Ask, open: (ask: Ask) => void): void {
  const { action, target } = ask;
  if ('one' in target && AT_ONCE.includes(action)) void once(target.one.id, () => actOnOne(target.one, action, {}, target.done));
  else open(ask);
}

const order = (action: Action, body: Body) => ({ path: '/security-keys/bulk', action, body });

export const exactCount = (action: Action, body: Body, target: Many): Promise<number> => countOf(order(action, body), target);

export const actOnMany = (action: Action, body: Body, target: Many, count: number): Promise<void> =>
  carryOut(order(action, body), target, count, t(`job.${action}` as Key), () => void counts.refresh());
