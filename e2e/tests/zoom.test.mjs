// 200 % zoom of a 1280 px window: nothing is cut off, the page never scrolls sideways, everything is reached.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loaded, look } from '../lib/browser.mjs';
import { deliver, policy } from '../lib/server.mjs';
import { cutOff, rowOf, stage } from '../lib/stage.mjs';

let keyId;
const on = stage(async (server) => {
  const made = await policy(server, 'Standard EU');
  await deliver(server, Array.from({ length: 60 }, (_, index) => ({ device_name: 'SafeNet eToken Fusion NFC PIV Enterprise', serial_number: `ZO${String(index).padStart(10, '0')}` })), made.id);
  keyId = (await server.api('GET', '/security-keys?limit=1')).items[0].id;
});
const ZOOMED = { size: { width: 640, height: 400 }, scale: 2 };

for (const locale of ['en', 'de']) {
  test(`pages at 200 % in ${locale}`, async () => {
    await on.server.api('PATCH', '/account', { locale });
    await on.onPage(async (page) => {
      for (const [name, path] of [['overview', '/'], ['stocks', '/inventory/stocks'], ['key', `/inventory/keys/${keyId}`], ['policy-new', '/policies/new'], ['audit', '/audit'], ['account', '/account'], ['administrators', '/settings/administrators']]) {
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        assert.deepEqual(await cutOff(page), [], `${name}: cut-off text`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: no sideways scrolling`);
        await look(page, `zoom-${name}-${locale}`);
      }
    }, ZOOMED);
    await on.server.api('PATCH', '/account', { locale: 'en' });
  });
}

test('the places and the row menu are reached at 200 %', async () => {
  await on.onPage(async (page) => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await look(page, 'zoom-places');
    await page.getByRole('link', { name: 'Device Inventory' }).click();
    await page.getByRole('link', { name: 'Stocks' }).click();
    await rowOf(page, 'ZO0000000059').waitFor();
    await page.getByRole('button', { name: 'Actions for ZO0000000059' }).click();
    await page.getByRole('menuitem', { name: 'Unlink Policy' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Yes, Unlink Policy' }).click();
    await rowOf(page, 'ZO0000000059').getByText('In stock').waitFor();
  }, ZOOMED);
});

test('a narrow window keeps the places and what can be done with a row in sight', async () => {
  await on.onPage(async (page) => {
    for (const path of ['/inventory/tokens', '/inventory/stocks']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await loaded(page);
      assert.deepEqual(await cutOff(page), [], `${path}: cut-off text`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path}: no sideways scrolling`);
    }
    const { x, width } = await page.getByRole('button', { name: 'Actions for ZO0000000059' }).boundingBox();
    assert.ok(x + width <= 1024, 'the menu of a row is in the window');
    await look(page, 'narrow-stocks');
    await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Policies' }).click();
    await page.getByRole('heading', { name: 'Policies', level: 1 }).waitFor();
  }, { size: { width: 1024, height: 768 } });
});
