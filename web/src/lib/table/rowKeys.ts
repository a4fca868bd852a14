/** Keys of a list: j k rows, x select, Enter open, e expand, . menu. */
import { router } from '$lib/router/router.svelte';
import { bind } from '$lib/state/shortcuts.svelte';
import type { List, Row } from './list.svelte';

interface Keys<T extends Row> {
  list: List<T>;
  body: () => HTMLElement | null;
  hrefOf?: ((row: T) => string) | undefined;
  selectable: boolean;
  expandable: boolean;
  menu?: ((row: T, anchor: HTMLElement) => void) | undefined;
}

export function rowKeys<T extends Row>({ list, body, hrefOf, selectable, expandable, menu }: Keys<T>): () => void {
  const present = () => list.items[list.cursorRow];
  const element = () => body()?.querySelector<HTMLElement>(`tr[data-id="${present()?.id}"]`) ?? null;
  const move = (step: number) => {
    list.cursorRow = Math.max(0, Math.min(list.items.length - 1, list.cursorRow + step));
    const row = element();
    row?.scrollIntoView({ block: 'nearest' });
    // Focus follows at once: a screen reader reads the row, and an Enter right behind is meant for it.
    row?.querySelector<HTMLElement>('a, input, button')?.focus({ preventScroll: true });
  };
  const withRow = (action: (row: T) => void) => () => { const row = present(); if (row) action(row); };
  const stops = [
    bind('j', () => move(1)),
    bind('k', () => move(-1)),
    bind('Enter', withRow((row) => { if (hrefOf) router.go(hrefOf(row)); })),
  ];
  if (selectable) stops.push(bind('x', withRow((row) => list.selection.toggle(row.id, list.pageIds))));
  if (expandable) stops.push(bind('e', withRow((row) => list.toggleOpen(row.id))));
  if (menu) stops.push(bind('.', withRow((row) => { const anchor = element()?.querySelector<HTMLElement>('.more button'); if (anchor) menu(row, anchor); })));
  return () => { for (const stop of stops) stop(); };
}
