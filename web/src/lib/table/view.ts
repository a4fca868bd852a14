/** What a list shows, as the address bar holds it. Pure: text in, values out, and back. */
import type { Query } from '$lib/api/client';

export interface View {
  q: string;
  /** Each filter's values; several values of one filter mean *or*. */
  filters: Record<string, string[]>;
  /** A column's sort name, `-` first when descending; empty means the list's own order (a search ranks). */
  sort: string;
  cursor: string;
  /** How many rows stand before this page: keyset pages do not number themselves. */
  at: number;
  size: number;
  open: string;
}
export const SIZES = [50, 100, 200] as const;

export function viewOf(query: URLSearchParams, filterNames: readonly string[]): View {
  const filters: Record<string, string[]> = {};
  for (const name of filterNames) {
    const values = (query.get(name) ?? '').split(',').filter(Boolean);
    if (values.length > 0) filters[name] = values;
  }
  const at = Number.parseInt(query.get('at') ?? '', 10);
  const size = Number.parseInt(query.get('size') ?? '', 10);
  return {
    q: query.get('q') ?? '', filters, sort: query.get('sort') ?? '', cursor: query.get('cursor') ?? '',
    at: Number.isFinite(at) && at > 0 ? at : 0, size: SIZES.find((one) => one === size) ?? SIZES[0], open: query.get('open') ?? '',
  };
}

/** The filter alone, as lists, exports and bulk selections take it. */
export function filterOf(view: View): Record<string, string> {
  const filter: Record<string, string> = {};
  if (view.q) filter.q = view.q;
  for (const [name, values] of Object.entries(view.filters)) filter[name] = values.join(',');
  return filter;
}

export function requestOf(view: View, fixed: Query, defaultSort: string): Query {
  // A search ranks exact, prefix, substring; only a chosen column switches that off.
  const sort = view.sort || (view.q ? '' : defaultSort);
  return { ...fixed, ...filterOf(view), sort, limit: view.size, cursor: view.cursor };
}

export const isFiltered = (view: View): boolean => view.q !== '' || Object.keys(view.filters).length > 0;

/** Clicking a header: ascending, descending, the list's own order. */
export function nextSort(present: string, column: string): string {
  if (present === column) return `-${column}`;
  return present === `-${column}` ? '' : column;
}

/** Parameters that send a view back to its first page: every change of filter or order does. */
export const FIRST_PAGE = { cursor: null, at: null, open: null } as const;
