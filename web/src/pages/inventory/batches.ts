/** The filter by the file that brought things in. */
import { get } from '$lib/api/client';
import type { Import, Page } from '$lib/api/types';
import type { FilterDefinition } from '$lib/table/columns';

export const batchFilter = (kind: Import['kind']): FilterDefinition => ({
  name: 'batch', label: 'key.batch', options: [],
  find: async (text) => {
    const { items } = await get<Page<Import>>('/imports', { limit: 200 });
    const meant = items.filter((one) => one.kind === kind && one.file_name.toLocaleLowerCase().includes(text.toLocaleLowerCase()));
    return meant.slice(0, 12).map((one) => ({ value: one.id, label: one.file_name }));
  },
  nameOf: async (id) => (await get<Import>(`/imports/${id}`)).file_name,
});
