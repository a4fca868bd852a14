/** Named addresses of a list: a view is its query string, so it can also be sent as a link. */
export interface SavedView { name: string; search: string }

const slot = (list: string) => `claviger.views.${list}`;
/** A page in the middle of a list is not part of a view. */
const PASSING = ['cursor', 'at', 'open'];

export function viewSearch(search: string): string {
  const query = new URLSearchParams(search);
  for (const name of PASSING) query.delete(name);
  query.sort();
  return query.toString().replaceAll('%2C', ',');
}

export function savedViews(list: string): SavedView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(slot(list)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one): one is SavedView => typeof one?.name === 'string' && typeof one?.search === 'string') : [];
  } catch {
    return [];
  }
}

export function saveView(list: string, name: string, search: string): SavedView[] {
  const rest = savedViews(list).filter((one) => one.name !== name);
  const views = [...rest, { name, search: viewSearch(search) }];
  localStorage.setItem(slot(list), JSON.stringify(views));
  return views;
}

export function forgetView(list: string, name: string): SavedView[] {
  const views = savedViews(list).filter((one) => one.name !== name);
  localStorage.setItem(slot(list), JSON.stringify(views));
  return views;
}
