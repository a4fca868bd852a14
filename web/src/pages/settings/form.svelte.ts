/** The tenant's settings, read once, changed piece by piece; a stale copy is told by the server. */
import { get, patch } from '$lib/api/client';
import type { Settings } from '$lib/api/people';
import { t } from '$lib/i18n/index.svelte';
import { Attempt } from '$lib/state/attempt.svelte';
import { session } from '$lib/state/session.svelte';
import { toasts } from '$lib/state/toasts.svelte';

export class SettingsForm {
  current = $state.raw<Settings | null>(null);
  unread = $state.raw<unknown>(null);
  readonly attempt = new Attempt();

  constructor(readonly read: (settings: Settings) => void) { void this.load(); }

  get locked(): boolean { return !session.can('settings.write'); }

  load = async (): Promise<void> => {
    this.unread = null;
    try { this.#take(await get<Settings>('/settings')); } catch (error) { this.unread = error; }
  };

  #take(settings: Settings): void {
    this.current = settings;
    this.read(settings);
  }

  save(changes: Record<string, unknown>): Promise<boolean> {
    return this.attempt.run(async () => {
      this.#take(await patch<Settings>('/settings', changes, this.current ? { revision: this.current.revision } : {}));
      toasts.say(t('account.saved'));
    });
  }
}
