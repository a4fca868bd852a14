/** One try to save something: busy meanwhile, and what went wrong, in words and by field. */
import { isApiError, type ApiError } from '$lib/api/problem';
import { messageOf } from './toasts.svelte';

export class Attempt {
  busy = $state(false);
  problem = $state('');
  #fault = $state.raw<ApiError | null>(null);

  /** The fault of one field. */
  of(name: string): string | undefined {
    return this.#fault?.field(name);
  }

  /** True when the work was done; a second click meanwhile does nothing. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = '';
    this.#fault = null;
    try {
      await work();
      return true;
    } catch (error) {
      if (isApiError(error)) this.#fault = error;
      this.problem = messageOf(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
