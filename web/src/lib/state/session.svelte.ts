/** Who works here, in which tenant, and what the role allows. */
import { get, onUnauthenticated, patch, remove, type Proof } from '$lib/api/client';
import { isApiError } from '$lib/api/problem';
import type { Session } from '$lib/api/types';
import { isLocale } from '$lib/i18n/locales';
import { useLocale } from '$lib/i18n/index.svelte';
import { router } from '$lib/router/router.svelte';

class SessionState {
  current = $state.raw<Session | null>(null);
  /** The first look at the server is done. */
  known = $state(false);
  /** The session ran out, or an action wants a fresh proof: a dialog asks for it, the page stays as it is. */
  asked = $state<Proof | null>(null);
  setupNeeded = $state(false);
  unreachable = $state(false);
  #waiting: { go: () => void; stop: () => void }[] = [];

  /** Whether the role allows this, or any of these. */
  can(...any: readonly string[]): boolean {
    return any.some((privilege) => this.current?.privileges.includes(privilege));
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
    onUnauthenticated((why) => this.#again(why));
    this.setupNeeded = false;
    this.asked = null;
    if (before && before !== session.administrator.id) { location.assign('/'); return; }
    if (router.path === '/sign-in') router.go('/', 'replace');
    this.current = session;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) one.go();
  }

  /** Somebody will not prove it now: what waited ends with the problem it had. */
  refuse(): void {
    this.asked = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) one.stop();
  }

  #again(why: Proof): Promise<void> {
    this.asked = why;
    return new Promise((go, stop) => this.#waiting.push({ go, stop }));
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
