// Every page: accessible, no text cut off in three languages, its title in sight at 1280 × 800.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loaded, look, shoot } from '../lib/browser.mjs';
import { deliver, policy, user } from '../lib/server.mjs';
import { cutOff, scrolledSideways, stage } from '../lib/stage.mjs';

let keyId;
let policyId;
let userId;
const on = stage(async (server) => {
  policyId = (await policy(server, 'Standard EU')).id;
  await deliver(server, Array.from({ length: 60 }, (_, index) => ({ device_name: 'SafeNet eToken Fusion NFC PIV Enterprise', serial_number: `P${String(index).padStart(10, '0')}` })), policyId);
  userId = (await user(server, { user_name: 'carla.oeztuerk', display_name: 'Carla Öztürk-Weißmüller', email: 'carla@example.test', locale: 'de' })).id;
  const { items } = await server.api('GET', '/security-keys?limit=4');
  keyId = items[0].id;
  // Keys stolen from the shelf, so that the other tab has rows.
  for (const key of items.slice(1)) await server.api('POST', `/security-keys/${key.id}/revoke`, { reason: 'stolen' });
});
const PAGES = [
  ['overview', () => '/'],
  ['inventory', () => '/inventory'],
  ['stocks', () => '/inventory/stocks'],
  ['key', () => `/inventory/keys/${keyId}`],
  ['imports', () => '/inventory/imports'],
  ['users', () => '/users'],
  ['user', () => `/users/${userId}`],
  ['user-keys', () => `/users/${userId}?tab=keys`],
  ['policies', () => '/policies'],
  ['policy', () => `/policies/${policyId}`],
  ['policy-new', () => '/policies/new'],
  ['audit', () => '/audit'],
  ['account', () => '/account'],
  ['settings-tokens', () => '/settings/api-tokens'],
  ['settings-administrators', () => '/settings/administrators'],
  ['settings-roles', () => '/settings/roles'],
  ['settings-role', () => '/settings/roles/help_desk'],
  ['settings-role-new', () => '/settings/roles/new'],
  ['settings-sign-in', () => '/settings/sign-in'],
  ['settings-mail', () => '/settings/mail'],
  ['settings-verification', () => '/settings/verification'],
  ['downloads', () => '/downloads'],
  ['settings-tenant', () => '/settings/tenant'],
  ['settings-about', () => '/settings/about'],
];
const VIEWS = [
  ['en', { width: 1280, height: 800 }],
  ['en', { width: 1920, height: 1080 }],
  ['de', { width: 1280, height: 800 }],
  ['cs', { width: 1280, height: 800 }],
];

for (const [locale, size] of VIEWS) {
  test(`every page in ${locale} at ${size.width}`, async () => {
    await on.onPage(
      async (page) => {
        await on.server.api('PATCH', '/account', { locale });
        for (const [name, path] of PAGES) {
          await page.goto(path());
          const title = page.getByRole('heading', { level: 1 });
          await title.waitFor();
          await loaded(page);
          assert.ok((await title.boundingBox()).y < 200, `${name}: the title is in sight`);
          assert.deepEqual(await cutOff(page), [], `${name} in ${locale}: cut-off text`);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${name}: no sideways scrolling`);
          assert.deepEqual(await scrolledSideways(page), [], `${name} in ${locale}: lists as wide as their frames`);
          // A wider window changes the layout, not what axe reads.
          if (size.width === 1280) await look(page, `${name}-${locale}-${size.width}`);
          else for (const scheme of ['light', 'dark']) await shoot(page, `${name}-${locale}-${size.width}`, scheme);
        }
        await on.server.api('PATCH', '/account', { locale: 'en' });
      },
      { size },
    );
  });
}
