/** A server's list on the page: the view from the address bar, one page of rows, and their life while others work. */
import { get, type Query } from '$lib/api/client';
import { isApiError } from '$lib/api/problem';
import type { Page, Total } from '$lib/api/types';
import { router } from '$lib/router/router.svelte';
import { onChanges, type Changes } from '$lib/state/events';
import { later } from '$lib/state/newest';
import { Selection } from './selection.svelte';
import { FIRST_PAGE, filterOf, nextSort, requestOf, viewOf, type View } from './view';

export interface Row { id: string; revision?: number }
export interface ListOptions {
  path: string;
  fixed?: Query;
  filters?: readonly string[];
  sort?: string;
  /** The kind of change that concerns these rows. */
  kind?: string;
  /** Names a row where the server gives it no id. */
  idOf?: (row: Record<string, unknown>) => string;
  /** The server answers the whole list and filters nothing: what stays, by the view. */
  keep?: (row: Record<string, unknown>, view: View) => boolean;
  /** The list takes `?ids=`, so single rows can be fetched again. */
  byIds?: boolean;
}
const TINT = 2000;
/** How many changed rows are asked about at once, and how long changes are gathered for it. */
const ASKED = 50;
const WAIT = 2000;

/** Other rows are drawn a screenful at once and the rest a few a turn, so that no turn of the browser takes long. */
const SCREENFUL = 16;
const A_FEW = 8;

export class List<T extends Row> {
  items = $state.raw<T[]>([]);
  total = $state.raw<Total | null>(null);
  next = $state<string | null>(null);
  previous = $state<string | null>(null);
  state = $state<'loading' | 'ready' | 'error'>('loading');
  /** Loading has taken long enough to be shown. */
  slow = $state(false);
  error = $state.raw<unknown>(null);
  fresh = $state.raw<ReadonlySet<string>>(new Set());
  gone = $state.raw<ReadonlySet<string>>(new Set());
  arrived = $state(0);
  cursorRow = $state(-1);
  /** How many of the rows are drawn so far. */
  drawn = $state(SCREENFUL);
  readonly selection = new Selection();
  readonly view;
  readonly filter;
  readonly request;
  readonly pageIds;
  #abort: AbortController | null = null;
  #known = '';
  /** What the page was asked with that is shown. */
  #shown = '';
  /** What was heard of these rows since they were asked for: the revisions that the server has by now. */
  readonly #heard = new Map<string, number>();
  #flooded = false;
  #catching = false;
  readonly #maybe = new Set<string>();
  readonly #news = new Set<string>();
  #looking: ReturnType<typeof setTimeout> | undefined;
  #drawing: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly options: ListOptions) {
    this.view = $derived(viewOf(router.query, options.filters ?? []));
    this.filter = $derived(filterOf(this.view));
    this.request = $derived(requestOf(this.view, options.fixed ?? {}, options.sort ?? ''));
    this.pageIds = $derived(this.items.map((item) => item.id));
  }

  /** Call inside an effect: loads whenever the view changes, listens while the page stands. */
  start(): () => void {
    const stop = onChanges((news) => this.hear(news));
    return () => { stop(); clearTimeout(this.#looking); clearTimeout(this.#drawing); this.#abort?.abort(); };
  }

  async load(request: Query = this.request): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    const filter = JSON.stringify(this.filter);
    if (filter !== this.#known) { this.selection.clear(); this.#known = filter; }
    this.state = 'loading';
    const timer = setTimeout(() => { this.slow = true; }, 150);
    try {
      const page = await get<Page<T>>(this.options.path, request, abort.signal);
      if (abort.signal.aborted) return;
      this.#show(page, request);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.error = error;
      this.state = 'error';
    } finally {
      clearTimeout(timer);
      if (this.#abort === abort) { this.slow = false; void this.#catchUp(); }
    }
  }

  #show(page: Page<T>, request: Query): void {
    const { idOf } = this.options;
    const known = new Map(this.items.map((item) => [item.id, item]));
    const items = idOf ? page.items.map((item) => ({ ...item, id: idOf(item as unknown as Record<string, unknown>) })) : page.items;
    // The same page again stays as far drawn as it is: nobody's place in it jumps.
    const asked = JSON.stringify(request);
    if (asked !== this.#shown || !items.some((item) => known.has(item.id))) this.drawn = SCREENFUL;
    this.#shown = asked;
    this.items = items.map((item) => later(known.get(item.id), item));
    this.#draw();
    this.total = page.total ?? null;
    const { keep } = this.options;
    if (keep) {
      this.items = this.items.filter((item) => keep(item as unknown as Record<string, unknown>, this.view));
      this.total = { count: this.items.length, capped: false };
    }
    this.next = page.next_cursor ?? null;
    this.previous = page.previous_cursor ?? null;
    this.fresh = new Set();
    this.gone = new Set();
    this.arrived = 0;
    this.#news.clear();
    this.cursorRow = Math.min(this.cursorRow, page.items.length - 1);
    this.error = null;
    this.state = 'ready';
  }

  #draw(): void {
    clearTimeout(this.#drawing);
    if (this.drawn >= this.items.length) return;
    this.#drawing = setTimeout(() => {
      // A window that nobody sees gets few turns, and none that anybody waits for.
      this.drawn = document.hidden ? this.items.length : this.drawn + A_FEW;
      this.#draw();
    });
  }

  /** Loads the present page again without a flicker. */
  reload = (): Promise<void> => this.load();

  showArrived = (): Promise<void> | void => {
    if (this.view.cursor || this.view.at) router.set(FIRST_PAGE);
    else return this.load();
  };

  search(q: string): void { router.set({ q, ...FIRST_PAGE }, this.view.q ? 'replace' : 'push'); }
  filterBy(name: string, values: readonly string[]): void { router.set({ [name]: values.join(','), ...FIRST_PAGE }); }
  sortBy(column: string): void { router.set({ sort: nextSort(this.view.sort || (this.view.q ? '' : this.options.sort ?? ''), column), ...FIRST_PAGE }); }
  clear = (): void => {
    const none = Object.fromEntries((this.options.filters ?? []).map((name) => [name, null]));
    router.set({ q: null, ...none, ...FIRST_PAGE });
  };
  forward = (): void => { if (this.next) router.set({ cursor: this.next, at: String(this.view.at + this.items.length), open: null }); };
  back = (): void => {
    const at = Math.max(0, this.view.at - this.view.size);
    if (this.view.at === 0) return;
    // The first page needs no cursor, so that a shared link shows what is first then.
    router.set(at === 0 || !this.previous ? FIRST_PAGE : { cursor: this.previous, at: String(at), open: null });
  };
  toggleOpen(id: string): void { router.set({ open: this.view.open === id ? null : id }, 'replace'); }

  /** Takes in what has changed on the server. */
  hear(news: Changes): void {
    if (news.truncated) this.#flooded = true;
    const ours = news.truncated ? [] : news.changes.filter((change) => change.kind === this.options.kind);
    const shown = new Set(this.pageIds);
    const elsewhere = ours.filter((change) => !shown.has(change.id));
    if (this.options.byIds) {
      this.#wonder(elsewhere.map((change) => change.id));
      // While a page is under way, any of them may be on it.
      const mine = this.state === 'loading' ? ours : ours.filter((change) => shown.has(change.id));
      for (const { id, revision } of mine) this.#heard.set(id, Math.max(revision, this.#heard.get(id) ?? 0));
    } else this.arrived += elsewhere.filter((change) => change.revision === 1).length;
    void this.#catchUp();
  }

  /** Brings the rows up to what was heard of them: one question at a time, however much happens meanwhile. */
  async #catchUp(): Promise<void> {
    if (this.#catching) return;
    this.#catching = true;
    try {
      while (this.state !== 'loading') {
        const stale = this.items.filter((item) => (item.revision ?? 0) < (this.#heard.get(item.id) ?? 0)).map((item) => item.id);
        this.#heard.clear();
        if (this.#flooded) { this.#flooded = false; await this.load(); } else if (stale.length > 0) await this.refresh(stale);
        else return;
      }
    } finally {
      this.#catching = false;
    }
  }

  /** Changes elsewhere may have brought rows that belong on top of the first page; asked at most every two seconds, for a few of them. */
  #wonder(ids: string[]): void {
    if (this.view.cursor || this.view.at) return;
    for (const id of ids) if (this.#maybe.size < ASKED) this.#maybe.add(id);
    if (this.#maybe.size > 0) this.#looking ??= setTimeout(() => void this.#lookForArrived(), WAIT);
  }

  async #lookForArrived(): Promise<void> {
    const ids = [...this.#maybe];
    this.#maybe.clear();
    this.#looking = undefined;
    const filter = JSON.stringify(this.filter);
    const page = await get<Page<T>>(this.options.path, { ...this.options.fixed, ...this.filter, ids: ids.join(','), limit: ASKED }).catch(() => null);
    if (!page || filter !== JSON.stringify(this.filter)) return;
    for (const item of page.items) if (!this.pageIds.includes(item.id) && this.#belongsHere(item)) this.#news.add(item.id);
    this.arrived = this.#news.size;
  }

  /** Whether a key that is not on the page would stand on it, as far as the order can be told from the rows. */
  #belongsHere(item: T): boolean {
    const sort = this.view.sort || (this.view.q ? '' : this.options.sort ?? '');
    const column = sort.replace(/^-/, '') as keyof T;
    const [one, last] = [item[column], this.items.at(-1)?.[column]];
    if (!this.next || typeof one !== 'string' || typeof last !== 'string') return true;
    return sort.startsWith('-') ? one > last : one < last;
  }

  /** Puts a row that an action answered where it stands, tinted. */
  replace(row: T): void {
    this.items = this.items.map((item) => (item.id === row.id ? row : item));
    this.#tint([row.id]);
  }

  #tint(ids: readonly string[]): void {
    this.fresh = new Set([...this.fresh, ...ids]);
    setTimeout(() => { this.fresh = new Set([...this.fresh].filter((id) => !ids.includes(id))); }, TINT);
  }

  /** Fetches these rows again and puts them where they stand; a row that no longer matches is greyed, nothing jumps. */
  async refresh(ids: string[]): Promise<void> {
    const wanted = ids.filter((id) => this.pageIds.includes(id)).slice(0, 200);
    if (wanted.length === 0) return;
    let page: Page<T>;
    try {
      page = await get<Page<T>>(this.options.path, { ...this.options.fixed, ...this.filter, ids: wanted.join(','), limit: 200 });
    } catch (error) {
      if (isApiError(error)) return;
      throw error;
    }
    const found = new Map(page.items.map((item) => [item.id, item]));
    this.items = this.items.map((item) => later(item, found.get(item.id) ?? item));
    this.gone = new Set([...this.gone, ...wanted.filter((id) => !found.has(id))]);
    this.#tint([...found.keys()]);
  }
}
