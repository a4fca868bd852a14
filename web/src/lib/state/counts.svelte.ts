/** How many keys there are, for places, tabs and the overview; one fetch for all of them. */
import { get } from '$lib/api/client';
import type { KeyCounts } from '$lib/api/types';
import { onChanges } from './events';
import { newest } from './newest';

class Counts {
  current = $state.raw<KeyCounts | null>(null);
  #readers = 0;
  #stop: (() => void) | null = null;
  readonly #newest = newest<KeyCounts | null>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  follow(): () => void {
    this.#readers += 1;
    if (this.#readers === 1) {
      void this.refresh();
      this.#stop = onChanges((news) => {
        if (news.truncated || news.changes.some((change) => change.kind === 'security_key' || change.kind === 'import')) this.#soon();
      });
    }
    return () => { this.#readers -= 1; if (this.#readers === 0) this.#stop?.(); };
  }

  /** At most one look a second, however much happens. */
  #soon(): void {
    this.#timer ??= setTimeout(() => { this.#timer = undefined; void this.refresh(); }, 1000);
  }

  async refresh(): Promise<void> {
    this.current = await this.#newest(get<KeyCounts>('/security-keys/counts').catch(() => this.current));
  }
}
export const counts = new Counts();
