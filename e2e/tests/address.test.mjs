// The address bar holds the view: a link can be sent, and Back works.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliver, policy } from '../lib/server.mjs';
import { rowOf, stage } from '../lib/stage.mjs';

const serial = (index) => `AD${String(index).padStart(4, '0')}`;
let standard;
const on = stage(async (server) => {
  standard = await policy(server, 'Standard EU');
  await deliver(server, Array.from({ length: 60 }, (_, index) => ({ device_name: `Model ${index % 3}`, serial_number: serial(index) })));
  await deliver(server, Array.from({ length: 70 }, (_, index) => ({ device_name: `Model ${index % 3}`, serial_number: serial(100 + index) })), standard.id);
});

test('tab, search, filter, sort and open row come back from a link', async () => {
  await on.onPage(async (page) => {
    const { items } = await on.server.api('GET', `/security-keys?q=${serial(107)}`);
    await page.goto(`/inventory/stocks?q=AD01&status=ready&policy=${standard.id}&sort=serial_number&open=${items[0].id}`);
    await page.getByText('70 keys', { exact: true }).first().waitFor();
    await page.getByText('Status: Ready').waitFor();
    await page.getByText('Policy: Standard EU').waitFor();
    assert.equal(await page.getByRole('columnheader', { name: 'Serial Number' }).getAttribute('aria-sort'), 'ascending');
    await page.getByText('AAGUID').waitFor();
  });
});

test('Back goes back through page, filter and key, and the list stands as it was', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await rowOf(page, serial(169)).waitFor();
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByLabel('In stock').check();
    await page.keyboard.press('Escape');
    await page.getByText('60 keys', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('51–60 of 60').waitFor();
    await page.getByRole('link', { name: 'Model' }).first().click();
    await page.getByRole('link', { name: 'History' }).waitFor();
    await page.goBack();
    await page.getByText('51–60 of 60').waitFor();
    await page.goBack();
    await page.getByText('1–50 of 60').waitFor();
    await page.goBack();
    await page.getByText('130 keys', { exact: true }).first().waitFor();
    await page.goForward();
    await page.getByText('1–50 of 60').waitFor();
  });
});

test('sorting by a column turns round and is announced', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    const header = page.getByRole('columnheader', { name: 'Serial Number' });
    await header.getByRole('button').click();
    await rowOf(page, serial(0)).waitFor();
    assert.equal(await header.getAttribute('aria-sort'), 'ascending');
    await header.getByRole('button').click();
    await rowOf(page, serial(169)).waitFor();
    assert.equal(await header.getAttribute('aria-sort'), 'descending');
  });
});

test('an address that leads nowhere says so', async () => {
  await on.onPage(async (page) => {
    for (const path of ['/nowhere', '/inventory/keys/00000000-0000-7000-8000-000000000000', '/policies/00000000-0000-7000-8000-000000000000']) {
      await page.goto(path);
      await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    }
  });
});
