// S21: hostile text in every field that a page shows; the policy of the pages holds, nothing runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loaded, openPage, signIn } from '../lib/browser.mjs';
import { deliver, policy } from '../lib/server.mjs';
import { stage } from '../lib/stage.mjs';

const HOSTILE = `"><img src=x onerror=globalThis.ran=1><svg onload=globalThis.ran=1><script>globalThis.ran=1</script>'{{7*7}}\${7*7}`;
let ids = {};
const on = stage(async (server) => {
  const made = await policy(server, HOSTILE.slice(0, 80));
  await deliver(server, [{ device_name: `"${HOSTILE.replaceAll('"', '""').slice(0, 150)}"`, serial_number: '"<b onmouseover=ran=1>1</b>"', version: '"<i>2</i>"' }]);
  const { items } = await server.api('GET', '/security-keys');
  await server.api('POST', `/security-keys/${items[0].id}/quarantine`, { reason: HOSTILE });
  await server.api('PATCH', '/account', { display_name: HOSTILE.slice(0, 80) });
  await server.api('POST', '/api-tokens', { name: HOSTILE.slice(0, 80), role: 'view_only' });
  ids = { key: items[0].id, policy: made.id };
});

test('hostile text is shown as text on every page', async () => {
  const { page, faults, context } = await openPage(on.browser, on.server);
  await signIn(page);
  let pages = 0;
  const addresses = ['/', '/inventory', '/inventory/stocks', `/inventory/keys/${ids.key}`, `/inventory/keys/${ids.key}?tab=history`, '/inventory/imports', '/policies',
    `/policies/${ids.policy}`, '/audit', '/account', '/settings/api-tokens', '/settings/administrators', '/settings/about', `/inventory/stocks?q=${encodeURIComponent(HOSTILE)}`];
  for (const address of addresses) {
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await loaded(page);
    assert.equal(await page.evaluate(() => globalThis.ran), undefined, `a script ran on ${address}`);
    pages += 1;
  }
  assert.deepEqual(faults, []);

  // The control: a page that does run such a text is found by the same means.
  const told = page.waitForEvent('console', (message) => message.text().startsWith('CSP '));
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="globalThis.ran=1">');
  });
  await told;
  const violations = faults.length;
  assert.ok(violations > 0, 'the control was not found');
  assert.equal(await page.evaluate(() => globalThis.ran), undefined, 'the policy let an inline handler run');
  console.log(`S21 pages=${pages} violations=0 control_violations=${violations}`);
  await context.close();
});
