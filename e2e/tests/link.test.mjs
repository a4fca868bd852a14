// Link many, link one, unlink, delete: with the dialogs and messages of the first seed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from '../lib/browser.mjs';
import { deliver, policy } from '../lib/server.mjs';
import { choose, rowOf, stage } from '../lib/stage.mjs';

const serial = (index) => `K${String(index).padStart(4, '0')}`;
const on = stage(async (server) => {
  await policy(server, 'Standard EU');
  await policy(server, 'Enterprise', { type: 'enterprise' });
  await deliver(server, Array.from({ length: 130 }, (_, index) => ({ device_name: 'Crescendo C2300', serial_number: serial(index) })));
});

test('a policy is linked to a selection', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await page.getByLabel(`Select ${serial(129)}`).check();
    await page.getByLabel(`Select ${serial(128)}`).check();
    await look(page, 'stocks-selected');
    await page.getByRole('toolbar').getByRole('button', { name: 'Link Policy', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Link Policy' });
    await dialog.getByText('Standard EU').click();
    await look(page, 'link-policy');
    await dialog.getByRole('button', { name: 'Link Policy' }).click();
    for (const index of [129, 128]) await rowOf(page, serial(index)).getByText('Standard EU').waitFor();
  });
});

test('a policy is linked to all that match, counted exactly first', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks?q=K00');
    await page.getByText('100 keys', { exact: true }).first().waitFor();
    await page.getByLabel('Select this page').check();
    await page.getByRole('button', { name: 'Select all 100 matching' }).click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Link Policy', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Link Policy' });
    await dialog.getByText('Standard EU').click();
    await dialog.getByText('Choose the policy for 100 devices.').waitFor();
    await dialog.getByRole('button', { name: 'Link Policy' }).click();
    await rowOf(page, serial(0)).or(rowOf(page, serial(99))).first().getByText('Ready').waitFor();
    const { stocks } = await on.server.api('GET', '/security-keys/counts');
    assert.equal(stocks.ready, 102);
  });
});

test('a policy is linked to one key and unlinked again', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory/stocks?q=${serial(110)}`);
    await choose(page, serial(110), 'Link to a Policy');
    const dialog = page.getByRole('dialog', { name: 'Link Policy' });
    await dialog.getByText('Standard EU').click();
    await dialog.getByRole('button', { name: 'Link Policy' }).click();
    await rowOf(page, serial(110)).getByText('Ready').waitFor();
    await choose(page, serial(110), 'Unlink Policy');
    await look(page, 'unlink-policy');
    await page.getByRole('dialog', { name: 'Unlink Policy' }).getByRole('button', { name: 'Yes, Unlink Policy' }).click();
    await rowOf(page, serial(110)).getByText('In stock').waitFor();
  });
});

test('a key is deleted from stock, named in the dialog', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory/stocks?q=${serial(111)}`);
    await choose(page, serial(111), 'Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete Device' });
    await dialog.getByText('Crescendo C2300').waitFor();
    await look(page, 'delete-device');
    await page.keyboard.press('Enter');
    assert.equal((await on.server.api('GET', `/security-keys?q=${serial(111)}`)).items.length, 1, 'Enter never destroys');
    if (await dialog.isHidden()) await choose(page, serial(111), 'Delete');
    await dialog.getByRole('button', { name: 'Yes, Delete Device' }).click();
    await page.getByText('Device successfully deleted from stock.').first().waitFor();
    const { items } = await on.server.api('GET', `/security-keys?q=${serial(111)}`);
    assert.deepEqual(items, []);
  });
});

test('deleting more than twenty asks for the number', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks?q=K00');
    await page.getByLabel('Select this page').check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Device' });
    const verb = dialog.getByRole('button', { name: 'Yes, Delete Device' });
    assert.ok(await verb.isDisabled());
    await dialog.getByLabel('Type 50 to confirm').fill('50');
    await verb.click();
    await page.getByText('50 keys', { exact: true }).first().waitFor();
  });
});
