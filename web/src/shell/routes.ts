/** Every page: its address, the privilege it needs, its name in the title bar, and where its code is. */
import type { Component } from 'svelte';
import { allTexts, type Key } from '$lib/i18n/index.svelte';
import { matchPath, type Params } from '$lib/router/match';

export interface Route {
  path: string;
  title: Key;
  /** What it takes to see the page; of several, any. */
  privilege?: string | readonly string[];
  load: () => Promise<{ default: Component<{ params: Params }> }>;
}
type Loaded = Promise<{ default: Component<{ params: Params }> }>;
// Pages take no properties or `params`; the cast says only that a page may ignore them.
const page = (loader: () => Promise<{ default: unknown }>) => loader as () => Loaded;
/** A page whose texts do not come with the first one. */
const wordy = (loader: () => Promise<{ default: unknown }>) => async () => (await Promise.all([page(loader)(), allTexts()]))[0];

/** Deliveries of keys are seen with the one, seed files with the other. */
const IMPORTS = ['inventory.read', 'otp.read'] as const;

export const ROUTES: Route[] = [
  { path: '/', title: 'nav.overview', load: wordy(() => import('$pages/Overview.svelte')) },
  { path: '/inventory', title: 'nav.inventory', privilege: 'inventory.read', load: page(() => import('$pages/inventory/Assigned.svelte')) },
  { path: '/inventory/stocks', title: 'inventory.stocks', privilege: 'inventory.read', load: page(() => import('$pages/inventory/Stocks.svelte')) },
  { path: '/inventory/imports', title: 'imports.title', privilege: IMPORTS, load: wordy(() => import('$pages/inventory/Imports.svelte')) },
  { path: '/inventory/imports/:id', title: 'imports.title', privilege: IMPORTS, load: wordy(() => import('$pages/inventory/ImportPage.svelte')) },
  { path: '/inventory/keys/:id', title: 'nav.inventory', privilege: 'inventory.read', load: wordy(() => import('$pages/inventory/KeyPage.svelte')) },
  { path: '/inventory/tokens', title: 'nav.hw_tokens', privilege: 'otp.read', load: wordy(() => import('$pages/otp/Tokens.svelte')) },
  { path: '/inventory/tokens/:id', title: 'nav.hw_tokens', privilege: 'otp.read', load: wordy(() => import('$pages/otp/TokenPage.svelte')) },
  { path: '/jobs/:id', title: 'jobs.title', privilege: 'job.read', load: wordy(() => import('$pages/JobPage.svelte')) },
  { path: '/policies', title: 'nav.policies', privilege: 'policy.read', load: page(() => import('$pages/policies/Policies.svelte')) },
  { path: '/policies/new', title: 'policies.create', privilege: 'policy.write', load: page(() => import('$pages/policies/NewPolicy.svelte')) },
  { path: '/policies/:id', title: 'nav.policies', privilege: 'policy.read', load: wordy(() => import('$pages/policies/PolicyPage.svelte')) },
  { path: '/users', title: 'nav.users', privilege: 'user.read', load: wordy(() => import('$pages/users/Users.svelte')) },
  { path: '/users/:id', title: 'nav.users', privilege: 'user.read', load: wordy(() => import('$pages/users/UserPage.svelte')) },
  { path: '/downloads', title: 'nav.downloads', privilege: 'downloads', load: wordy(() => import('$pages/downloads/Downloads.svelte')) },
  { path: '/audit', title: 'nav.audit', privilege: 'audit.read', load: wordy(() => import('$pages/audit/Audit.svelte')) },
  { path: '/account', title: 'nav.account', load: wordy(() => import('$pages/account/Account.svelte')) },
  { path: '/settings', title: 'nav.settings', load: wordy(() => import('$pages/settings/About.svelte')) },
  { path: '/settings/administrators', title: 'settings.administrators', privilege: 'administrator.read', load: wordy(() => import('$pages/settings/Administrators.svelte')) },
  { path: '/settings/roles', title: 'roles.title', privilege: 'role.read', load: wordy(() => import('$pages/roles/Roles.svelte')) },
  { path: '/settings/roles/new', title: 'roles.create', privilege: 'role.write', load: wordy(() => import('$pages/roles/NewRole.svelte')) },
  { path: '/settings/roles/:id', title: 'roles.title', privilege: 'role.read', load: wordy(() => import('$pages/roles/RolePage.svelte')) },
  { path: '/settings/api-tokens', title: 'settings.api_tokens', privilege: 'api_token.read', load: wordy(() => import('$pages/settings/ApiTokens.svelte')) },
  { path: '/settings/sign-in', title: 'settings.sign_in', privilege: 'settings.read', load: wordy(() => import('$pages/settings/SignIn.svelte')) },
  { path: '/settings/mail', title: 'settings.mail', privilege: 'settings.read', load: wordy(() => import('$pages/settings/Mail.svelte')) },
  { path: '/settings/verification', title: 'settings.verification', privilege: 'settings.read', load: wordy(() => import('$pages/settings/Verification.svelte')) },
  { path: '/settings/tenant', title: 'settings.tenant', privilege: 'settings.read', load: wordy(() => import('$pages/settings/TenantSettings.svelte')) },
  { path: '/settings/about', title: 'settings.about', load: wordy(() => import('$pages/settings/About.svelte')) },
];

export function findRoute(path: string): { route: Route; params: Params } | null {
  for (const route of ROUTES) {
    const params = matchPath(route.path, path);
    if (params) return { route, params };
  }
  return null;
}
