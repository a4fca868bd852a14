/** Which rows are chosen: some by id, over many pages, or all that match the filter. */
import { SvelteSet } from 'svelte/reactivity';

export type SelectionArgument = { ids: string[] } | { filter: Record<string, string>; expected_count: number };

export class Selection {
  readonly ids = new SvelteSet<string>();
  all = $state(false);
  #anchor: string | null = null;

  has(id: string): boolean {
    return this.all || this.ids.has(id);
  }

  get any(): boolean {
    return this.all || this.ids.size > 0;
  }

  clear(): void {
    this.all = false;
    this.ids.clear();
    this.#anchor = null;
  }

  selectAll(): void {
    this.ids.clear();
    this.all = true;
  }

  /** Taking one out of *all* leaves the rest of the page: what is chosen must be what is seen. */
  toggle(id: string, page: readonly string[]): void {
    this.#anchor = id;
    if (this.all) {
      this.all = false;
      for (const other of page) if (other !== id) this.ids.add(other);
    } else if (!this.ids.delete(id)) this.ids.add(id);
  }

  /** Shift and click: all rows from the last one touched to this one. */
  extend(id: string, page: readonly string[]): void {
    const from = this.#anchor === null ? -1 : page.indexOf(this.#anchor);
    const to = page.indexOf(id);
    if (from < 0 || to < 0 || this.all) { this.toggle(id, page); return; }
    for (const one of page.slice(Math.min(from, to), Math.max(from, to) + 1)) this.ids.add(one);
    this.#anchor = id;
  }

  pageState(page: readonly string[]): 'none' | 'some' | 'all' {
    const chosen = page.filter((id) => this.has(id)).length;
    if (chosen === 0) return 'none';
    return chosen === page.length ? 'all' : 'some';
  }

  togglePage(page: readonly string[]): void {
    const full = this.pageState(page) === 'all';
    if (this.all) { this.clear(); return; }
    for (const id of page) { if (full) this.ids.delete(id); else this.ids.add(id); }
  }

  argument(filter: Record<string, string>, count: number): SelectionArgument {
    return this.all ? { filter, expected_count: count } : { ids: [...this.ids] };
  }
}
