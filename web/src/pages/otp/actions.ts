/** What may be done with OTP tokens: one by one, each confirmed, or many at once as a job. */
import { get, post } from '$lib/api/client';
import type { OtpToken } from '$lib/api/otp';
import type { Page } from '$lib/api/types';
import { t, type Key } from '$lib/i18n/index.svelte';
import { carryOut, countOf, type Many } from '$lib/state/bulk';
import { session } from '$lib/state/session.svelte';
import { toasts } from '$lib/state/toasts.svelte';

/** In the order of the menu; what ends a token comes last. */
export const ACTIONS = ['assign', 'unassign', 'disable', 'enable', 'resync', 'unlock', 'test', 'compromise'] as const;
export type Action = (typeof ACTIONS)[number];
export const MANY: readonly Action[] = ['assign', 'unassign', 'disable', 'enable', 'compromise'];
export type Target = { one: OtpToken; done: (token: OtpToken) => void } | Many;
export interface Ask { action: Action; target: Target }
export type Body = Record<string, unknown>;

export const writable = (): boolean => session.can('otp.write');
/** What a token takes is the server's word. */
export const allowed = (token: Pick<OtpToken, 'allowed_actions'>): Action[] => ACTIONS.filter((action) => token.allowed_actions.includes(action));

export async function actOnOne(token: OtpToken, action: Action, body: Body, done: (token: OtpToken) => void): Promise<void> {
  // Without a revision: every code that is tried moves it on, and a stolen token under fire must still be stopped.
  const after = await post<OtpToken>(`/otp-tokens/${token.id}/${action}`, body);
  done(after);
  toasts.say(t(`otp_done.${action}` as Key, { serial: token.serial_number, user: (after.user ?? token.user)?.user_name ?? '' }));
}

const order = (action: Action, body: Body) => ({ path: '/otp-tokens/bulk', action, body });
export const exactCount = (action: Action, body: Body, target: Many): Promise<number> => countOf(order(action, body), target);
export const actOnMany = (action: Action, body: Body, target: Many, count: number): Promise<void> => carryOut(order(action, body), target, count, t(`otp_job.${action}` as Key));

/** Whether the user is left without a token that works once this one is taken or compromised. */
export async function isLastOf(token: OtpToken): Promise<boolean> {
  if (!token.user || token.status !== 'active') return false;
  const page = await get<Page<OtpToken>>('/otp-tokens', { user: token.user.id, status: 'active', limit: 2 });
  return page.items.every((one) => one.id === token.id);
}
