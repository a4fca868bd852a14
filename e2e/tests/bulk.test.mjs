// A bulk job: counts, refused rows with their reason, and the refused rows as a file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downloaded, look, told } from '../lib/browser.mjs';
import { deliver, policy } from '../lib/server.mjs';
import { stage } from '../lib/stage.mjs';

const on = stage(async (server) => {
  await policy(server, 'Enterprise', { type: 'enterprise' });
  // An enterprise policy needs FIDO_2_1: the older ones will be refused.
  await deliver(server, Array.from({ length: 60 }, (_, index) => ({ device_name: 'Feitian K9', serial_number: `BLK${String(index).padStart(3, '0')}`, version: index % 4 ? 'FIDO_2_1' : 'FIDO_2_0' })));
});

test('refused rows are counted, listed with their reason, and downloaded', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await page.getByLabel('Select this page').check();
    await page.getByRole('button', { name: 'Select all 60 matching' }).click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Link Policy', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Link Policy' });
    await dialog.getByText('Enterprise').first().click();
    await dialog.getByText('Choose the policy for 60 devices.').waitFor();
    await dialog.getByRole('button', { name: 'Link Policy' }).click();
    await told(page, '45 done, 15 refused.');
    await look(page, 'bulk-ended');
    await page.getByRole('button', { name: 'Show results' }).click();
    await page.getByRole('heading', { name: 'Link policy', level: 1 }).waitFor();
    await page.getByText('60 of 60 keys').waitFor();
    await look(page, 'job');
    const { text } = await downloaded(page, () => page.getByRole('link', { name: 'Refused rows as a file' }).click());
    const lines = text.trimEnd().split(/\r?\n/);
    assert.equal(lines.length, 16);
    assert.ok(lines.slice(1).every((line) => line.includes('BLK') && line.includes('FIDO_2_1')), 'each refused row tells its reason');
    const { stocks } = await on.server.api('GET', '/security-keys/counts');
    assert.equal(stocks.ready, 45);
  });
});
