/** The address bar is the state: a small router over the History API. */
import { withQuery } from './match';

class Router {
  path = $state(location.pathname);
  search = $state(location.search);
  hash = $state(location.hash);
  readonly query = $derived(new URLSearchParams(this.search));

  constructor() {
    addEventListener('popstate', () => this.#read());
    addEventListener('click', (event) => this.#follow(event));
  }

  #read(): void {
    this.path = location.pathname;
    this.search = location.search;
    this.hash = location.hash;
  }

  go(address: string, how: 'push' | 'replace' = 'push'): void {
    if (address === location.pathname + location.search + location.hash) return;
    history[how === 'push' ? 'pushState' : 'replaceState'](null, '', address);
    this.#read();
  }

  /** Changes parameters of the present view. */
  set(changes: Record<string, string | null | undefined>, how: 'push' | 'replace' = 'push'): void {
    this.go(this.path + withQuery(this.search, changes), how);
  }

  /** Plain left clicks on our own links stay in the page; everything else is the browser's. */
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname.startsWith('/api/')) return;
    event.preventDefault();
    this.go(link.pathname + link.search + link.hash);
  }
}

export const router = new Router();
