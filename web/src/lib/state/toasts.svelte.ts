/** Short words at the foot of the page; each may carry an Undo for ten seconds. */
import { isApiError } from '$lib/api/problem';
import { t } from '$lib/i18n/index.svelte';

export interface Toast {
  id: number; text: string; tone: 'good' | 'bad' | 'plain';
  action?: { label: string; run: () => unknown } | undefined;
  requestId?: string | null | undefined;
}
const LIFE = 10_000;

class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  say(text: string, action?: Toast['action'], tone: Toast['tone'] = 'good', requestId?: string | null): void {
    const toast: Toast = { id: this.#next++, text, tone, action, requestId };
    this.list = [...this.list.slice(-2), toast];
    this.resume(toast.id);
  }

  fail(error: unknown): void {
    this.say(messageOf(error), undefined, 'bad', isApiError(error) ? error.requestId : null);
  }

  undoable(text: string, undo: () => Promise<unknown>): void {
    this.say(text, { label: t('common.undo'), run: () => undo().then(() => this.say(t('common.undone'), undefined, 'plain'), (error) => this.fail(error)) });
  }

  dismiss(id: number): void {
    this.pause(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Time stands still while the pointer or the focus is on a toast. */
  pause(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  resume(id: number): void {
    this.pause(id);
    this.#timers.set(id, setTimeout(() => this.dismiss(id), LIFE));
  }
}

const sentence = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? '' : '.');

/** A problem in words: the server's detail when it has one. */
export function messageOf(error: unknown): string {
  if (!isApiError(error)) return t('problem.unknown');
  if (error.kind === 'network') return t('problem.network');
  if (error.kind === 'stale') return t('problem.stale');
  if (error.kind === 'forbidden' && !error.detail) return t('problem.forbidden');
  // The places with their faults say more than that there are some.
  if (error.errors.length > 0) return error.errors.slice(0, 3).map((fault) => sentence(fault.detail)).join(' ');
  return error.detail || error.title || t('problem.unknown');
}

export const toasts = new Toasts();
