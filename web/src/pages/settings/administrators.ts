import type { Administrator } from '$lib/api/people';

/** One word for where an administrator stands. */
export const administratorState = (who: Pick<Administrator, 'active' | 'disabled'>): 'active' | 'pending' | 'disabled' => (who.disabled ? 'disabled' : who.active ? 'active' : 'pending');
