/** What may be done to keys, one or many, and how it is carried out and told. */
import { post, remove } from '$lib/api/client';
import type { Job, SecurityKey } from '$lib/api/types';
import { t, type Key } from '$lib/i18n/index.svelte';
import { number } from '$lib/i18n/format';
import { router } from '$lib/router/router.svelte';
import { counts } from '$lib/state/counts.svelte';
import { jobs } from '$lib/state/jobs.svelte';
import { session } from '$lib/state/session.svelte';
import { toasts } from '$lib/state/toasts.svelte';
import type { SelectionArgument } from '$lib/table/selection.svelte';

/** In the order of the menu; what ends a key comes last. */
export const ACTIONS = [
  'initial_pin', 'assign', 'unassign', 'suspend', 'resume', 'link_policy', 'unlink_policy', 'quarantine', 'release', 'reinstate', 'revoke', 'delete', 'dispose',
] as const;
export type Action = (typeof ACTIONS)[number];
/** One key, or a selection with a way to reload what is on screen afterwards. */
export type Target =
  | { one: SecurityKey; done: (key: SecurityKey | null) => void }
  | { many: (count: number) => SelectionArgument; all: boolean; count: number; done: () => void };
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
  if ('one' in ask.target && AT_ONCE.includes(ask.action)) actOnOne(ask.target.one, ask.action, {}, ask.target.done).catch((error: unknown) => toasts.fail(error));
  else open(ask);
}

/** The exact number that a selection means now; a filter's total on screen may be capped or old. */
export async function exactCount(action: Action, body: Body, target: Extract<Target, { many: unknown }>): Promise<number> {
  if (!target.all) return target.count;
  const answer = await post<{ count: number }>('/security-keys/bulk', { action, arguments: body, selection: target.many(target.count) }, { query: { dry_run: true } });
  return answer.count;
}

export async function actOnMany(action: Action, body: Body, target: Extract<Target, { many: unknown }>, count: number): Promise<void> {
  const selection = target.many(count);
  const job = await post<Job>('/security-keys/bulk', { action, arguments: body, selection });
  jobs.watch(job, t(`job.${action}` as Key), `/jobs/${job.id}`, (over) => {
    target.done();
    void counts.refresh();
    const refused = over.refused ?? 0;
    const text = over.status === 'done'
      ? t('jobs.ended', { done: number(over.progress.done - refused), refused: number(refused) }) : t('jobs.stopped', { done: number(over.progress.done) });
    toasts.say(text, { label: t('jobs.show'), run: () => router.go(`/jobs/${job.id}`) }, refused > 0 || over.status === 'failed' ? 'bad' : 'good');
  });
}
