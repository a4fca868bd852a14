/** Who works here, in which tenant, and what the role allows. */
import { get, onUnauthenticated, patch, remove } from '$lib/api/client';
import { isApiError } from '$lib/api/problem';
import type { Session } from '$lib/api/types';
import { isLocale } from '$lib/i18n/locales';
import { useLocale } from '$lib/i18n/index.svelte';

class SessionState {
  current = $state.raw<Session | null>(null);
  /** The first look at the server is done. */
  known = $state(false);
  /** The session ran out in the middle of something: a dialog asks to sign in, the page stays as it is. */
  expired = $state(false);
  setupNeeded = $state(false);
  unreachable = $state(false);
  #waiting: (() => void)[] = [];

  can(privilege: string): boolean {
    return this.current?.privileges.includes(privilege) ?? false;
  }

  async load(): Promise<void> {
    this.unreachable = false;
    try {
      const session = await get<Session>('/session');
      await this.accept(session);
    } catch (error) {
      if (!isApiError(error) || error.kind !== 'unauthenticated') this.unreachable = true;
      else this.setupNeeded = (await get<{ needed: boolean }>('/setup').catch(() => ({ needed: false }))).needed;
    }
    this.known = true;
  }

  async accept(session: Session): Promise<void> {
    const before = this.current?.administrator.id;
    if (isLocale(session.administrator.locale)) await useLocale(session.administrator.locale);
    onUnauthenticated(() => this.#again());
    this.setupNeeded = false;
    this.expired = false;
    if (before && before !== session.administrator.id) { location.assign('/'); return; }
    this.current = session;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  #again(): Promise<void> {
    this.expired = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async switchTenant(id: string): Promise<void> {
    await patch<Session>('/session', { tenant_id: id });
    // Nothing of the other tenant may stay in memory.
    location.assign('/');
  }

  async signOut(): Promise<void> {
    onUnauthenticated(null);
    await remove('/session').catch(() => undefined);
    location.assign('/');
  }
}

export const session = new SessionState();
