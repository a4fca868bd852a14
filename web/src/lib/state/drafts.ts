/** What somebody typed, kept in this tab through a reload until it is saved or given up. Never for secrets. */
const slot = (id: string) => `claviger.draft.${id}`;

export const keep = (id: string, draft: unknown): void => sessionStorage.setItem(slot(id), JSON.stringify(draft));
export const drop = (id: string): void => sessionStorage.removeItem(slot(id));
export function kept<T>(id: string): T | null {
  try { return JSON.parse(sessionStorage.getItem(slot(id)) ?? 'null') as T | null; } catch { return null; }
}
