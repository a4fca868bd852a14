// What a page shows when it may not, cannot, or has nothing to show.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from '../lib/browser.mjs';
import { colleague, deliver, policy, startSetUpServer } from '../lib/server.mjs';
import { openPage, takeSession } from '../lib/browser.mjs';
import { rowOf, stage } from '../lib/stage.mjs';

let viewer;
let warehouse;
let standard;
const on = stage(async (server) => {
  standard = await policy(server, 'Standard EU');
  await deliver(server, [{ device_name: 'YubiKey 5C NFC', serial_number: 'ST0001' }, { device_name: 'YubiKey 5C NFC', serial_number: 'ST0002' }], standard.id);
  viewer = await colleague(server, 'view_only');
  warehouse = await colleague(server, 'warehouse');
});

test('View Only sees keys and policies, and nothing that changes them', async () => {
  await on.onPage(
    async (page) => {
      await page.goto('/inventory/stocks');
      await rowOf(page, 'ST0001').waitFor();
      await look(page, 'view-only-stocks');
      for (const name of ['Import', 'Export']) assert.equal(await page.getByRole('button', { name, exact: true }).or(page.getByRole('link', { name, exact: true })).count(), 0, name);
      assert.equal(await page.getByRole('checkbox').count(), 0, 'nothing to select');
      await page.getByRole('button', { name: 'Actions for ST0001' }).click();
      assert.deepEqual(await page.getByRole('menuitem').allTextContents(), ['Copy serial number']);
      await page.keyboard.press('Escape');
      assert.equal(await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Audit' }).count(), 0);

      await page.goto(`/policies/${standard.id}`);
      await page.getByRole('heading', { name: 'Standard EU' }).waitFor();
      for (const name of ['Archive', 'Delete policy', 'Edit']) assert.equal(await page.getByText(name, { exact: true }).count(), 0, name);
      await look(page, 'view-only-policy');
      await page.goto('/');
      await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
      await look(page, 'view-only-overview');
    },
    { as: viewer },
  );
});

test('a page that the role does not show says whom to ask', async () => {
  await on.onPage(
    async (page) => {
      for (const path of ['/audit', '/policies/new', '/settings/administrators', '/settings/api-tokens']) {
        await page.goto(path);
        await page.getByRole('heading', { name: 'Your role does not show this page' }).waitFor();
      }
      await look(page, 'no-permission');
    },
    { as: viewer },
  );
});

test('Warehouse works on the stock and reads policies without changing them', async () => {
  await on.onPage(
    async (page) => {
      await page.goto('/inventory/stocks');
      await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
      await page.getByRole('button', { name: 'Actions for ST0002' }).click();
      await page.getByRole('menuitem', { name: 'Unlink Policy' }).waitFor();
      await page.keyboard.press('Escape');
      await look(page, 'warehouse-stocks');
      await page.goto('/policies');
      await page.getByText('1 policy', { exact: true }).waitFor();
      assert.equal(await page.getByRole('link', { name: 'Create policy' }).count(), 0);
    },
    { as: warehouse },
  );
});

test('empty lists name the next step', async () => {
  await on.onPage(async (page) => {
    for (const [path, text, name] of [
      ['/inventory', 'No keys in people\'s hands yet', 'inventory-empty'],
      ['/settings/api-tokens', 'No API tokens', 'api-tokens-empty'],
    ]) {
      await page.goto(path);
      await page.getByRole('heading', { name: text }).waitFor();
      await look(page, name);
    }
  });
});

test('a slow list shows its outline meanwhile', async () => {
  await on.onPage(async (page) => {
    let go;
    const held = new Promise((resolve) => { go = resolve; });
    await page.route('**/api/v1/security-keys?**', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto('/inventory/stocks');
    await page.locator('.bones').waitFor();
    await look(page, 'stocks-loading');
    go();
    await rowOf(page, 'ST0001').waitFor();
    await page.locator('.bones').waitFor({ state: 'detached' });
  });
});

test('a server that has gone is told with another try, and the list comes back', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await rowOf(page, 'ST0001').waitFor();
    // As when the server is stopped: connections are refused.
    await page.route('**/api/v1/security-keys?**', (route) => route.abort('connectionrefused'));
    await page.getByRole('columnheader', { name: 'Serial Number' }).getByRole('button').click();
    await page.getByRole('heading', { name: 'This did not load' }).waitFor();
    await page.getByText('The server cannot be reached.').waitFor();
    await look(page, 'stocks-error');
    await page.unroute('**/api/v1/security-keys?**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await rowOf(page, 'ST0001').waitFor();
  });
});

test('a stopped server leaves the page standing and says so', async () => {
  const server = await startSetUpServer();
  const { page, context } = await openPage(on.browser, server);
  try {
    await deliver(server, [{ device_name: 'YubiKey', serial_number: 'GONE1' }]);
    await takeSession(page, server);
    await page.goto('/inventory/stocks');
    await rowOf(page, 'GONE1').waitFor();
    await server.stop();
    await page.getByPlaceholder('Serial number or policy').fill('GONE');
    await page.getByText('The server cannot be reached.').first().waitFor();
    await page.getByRole('navigation', { name: 'Places' }).waitFor();
    await look(page, 'server-stopped');
  } finally {
    await context.close();
    await server.stop();
  }
});
