/** Disabling and enabling users: reversible, so done at once and offered to be taken back. */
import { post } from '$lib/api/client';
import type { User } from '$lib/api/people';
import { t } from '$lib/i18n/index.svelte';
import { once } from '$lib/state/once';
import { session } from '$lib/state/session.svelte';
import { toasts } from '$lib/state/toasts.svelte';

export const writable = (): boolean => session.can('user.write');
const order = (user: User, verb: 'disable' | 'enable') => post<User>(`/users/${user.id}/${verb}`, {}, { revision: user.revision });

export function turn(user: User, verb: 'disable' | 'enable', done: (user: User) => void): Promise<void> {
  return once(user.id, async () => {
    const after = await order(user, verb);
    done(after);
    const text = verb === 'disable' ? t('users.was_disabled', { name: user.user_name }) : t('users.was_enabled', { name: user.user_name });
    toasts.undoable(text, async () => done(await order(after, verb === 'disable' ? 'enable' : 'disable')));
  });
}
