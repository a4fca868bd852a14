import { beforeAll } from 'vitest';
import { allTexts, useLocale } from '$lib/i18n/index.svelte';

beforeAll(async () => {
  await useLocale('en');
  await allTexts();
});
