import { mount } from 'svelte';
import './lib/tokens.css';
import './lib/base.css';
import App from './App.svelte';
import { preferredLocale, useLocale } from '$lib/i18n/index.svelte';
import { session } from '$lib/state/session.svelte';

// The words come before the first paint; the session and the language load side by side.
await Promise.all([useLocale(preferredLocale()), session.load()]);
const target = document.getElementById('app');
if (target) mount(App, { target });
