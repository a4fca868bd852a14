/** Keys that work everywhere; a list on the page adds its own while it stands there. */
import { router } from '$lib/router/router.svelte';

export type Binding = (event: KeyboardEvent) => void;
const PLACES: Record<string, string> = { h: '/', i: '/inventory', s: '/inventory/stocks', t: '/inventory/tokens', u: '/users', p: '/policies', a: '/audit', d: '/downloads', ',': '/settings' };

const bindings = new Map<string, Binding[]>();
/** How long a `g` waits for its letter, by the time of the presses: a page that is slow to hear of them makes no difference. */
const PATIENCE = 3000;
let prefixed = -Infinity;

/** Text goes to fields, and a dialog or menu keeps its keys, also one that is about to open. */
function busy(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (target?.matches?.('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]')) return true;
  return document.querySelector('dialog[open], [popover][role], [data-opening]') !== null;
}

export function bind(key: string, action: Binding): () => void {
  bindings.set(key, [...(bindings.get(key) ?? []), action]);
  return () => bindings.set(key, (bindings.get(key) ?? []).filter((one) => one !== action));
}

export function handleKey(event: KeyboardEvent): void {
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || busy(event)) return;
  const second = event.timeStamp - prefixed < PATIENCE;
  prefixed = -Infinity;
  if (second) {
    const place = PLACES[event.key];
    if (place) { event.preventDefault(); router.go(place); }
    return;
  }
  if (event.key === 'g') {
    prefixed = event.timeStamp;
    return;
  }
  // Enter and Space on a focused control are the control's.
  if ((event.key === 'Enter' || event.key === ' ') && (event.target as Element | null)?.closest?.('button, a, summary')) return;
  const action = bindings.get(event.key)?.at(-1);
  if (action) { event.preventDefault(); action(event); }
}
