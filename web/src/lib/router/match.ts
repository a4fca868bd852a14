/** Path patterns: `/policies/:id` matches one segment per name. Pure, so that it can be tested. */

export type Params = Record<string, string>;

export function matchPath(pattern: string, path: string): Params | null {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  if (wanted.length !== given.length) return null;
  const params: Params = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) {
      try { params[part.slice(1)] = decodeURIComponent(value); } catch { return null; }
    } else if (part !== value) return null;
  }
  return params;
}

/** Changes some parameters of a query string and leaves the rest; empty values are dropped. */
export function withQuery(search: string, changes: Record<string, string | null | undefined>): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  // Commas separate values in our filters: readable in the address bar, and legal there.
  const text = query.toString().replaceAll('%2C', ',');
  return text ? `?${text}` : '';
}
