import { beforeAll } from 'vitest';
import { useLocale } from '$lib/i18n/index.svelte';

beforeAll(() => useLocale('en'));
