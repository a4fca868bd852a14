// Deliveries afterwards: their list, their rejects, the way back; and a large one that is cancelled.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseFile, downloaded, look } from '../lib/browser.mjs';
import { deliver, finished } from '../lib/server.mjs';
import { stage } from '../lib/stage.mjs';

const LARGE = 200_000;
const on = stage();

test('the list of imports leads to their keys and takes an untouched one back', async () => {
  await deliver(on.server, [{ device_name: 'YubiKey', serial_number: 'BAT1' }, { device_name: 'YubiKey', serial_number: 'BAT2' }]);
  await on.onPage(async (page) => {
    await page.goto('/inventory/imports');
    await page.getByRole('button', { name: 'Actions for delivery.csv' }).click();
    await look(page, 'imports-menu');
    await page.getByRole('menuitem', { name: 'Show its keys' }).click();
    await page.getByText('2 keys', { exact: true }).first().waitFor();
    assert.match(page.url(), /batch=/);
    await page.goBack();
    await page.getByRole('link', { name: 'delivery.csv' }).click();
    await page.getByText('SHA-256').waitFor();
    await look(page, 'import');
    await page.getByRole('button', { name: 'Undo import' }).click();
    const dialog = page.getByRole('dialog', { name: 'Undo import' });
    await dialog.getByText('2 keys from delivery.csv').waitFor();
    await look(page, 'import-undo');
    await dialog.getByRole('button', { name: 'Undo import' }).click();
    await page.getByText('Undone', { exact: true }).waitFor();
    const { stocks } = await on.server.api('GET', '/security-keys/counts');
    assert.equal(stocks.total, 0);
  });
});

test('rejected rows are kept with the import, with their lines, and come as a file that goes in again', async () => {
  const form = new FormData();
  form.append('file', new Blob(['deviceName,serialNumber,version\nA,REJ1,FIDO_2_1\n=A,,FIDO_2_1\n']), 'partly.csv');
  const { id } = await on.server.api('POST', '/imports?mode=good_rows', form);
  await on.onPage(async (page) => {
    await page.goto(`/inventory/imports/${id}`);
    await page.getByRole('cell', { name: 'the serial number is empty' }).waitFor();
    await look(page, 'import-rejects');
    const { text } = await downloaded(page, () => page.getByText('Download 1 rejected row').click());
    assert.match(text, /^deviceName,serialNumber,version,error\r?\n/);
  });
});

test(`an import of ${LARGE} rows goes on in the background and is cancelled, leaving nothing`, async () => {
  const before = await on.server.api('GET', '/security-keys/counts');
  const lines = Array.from({ length: LARGE }, (_, index) => `YubiKey 5C NFC,BIG${String(index).padStart(7, '0')},FIDO_2_1`);
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Import Devices' });
    await chooseFile(page, () => dialog.locator('button', { hasText: 'Choose File' }).click(), 'large.csv', ['deviceName,serialNumber,version', ...lines, ''].join('\n'));
    await dialog.getByText('First 6 of 200,000 keys.').waitFor();
    await dialog.getByRole('button', { name: 'Import 200,000 keys' }).click();
    await dialog.getByRole('progressbar').waitFor();
    await dialog.getByText(/Importing: [1-9]/).waitFor();
    await on.server.halted(async () => {
      await look(page, 'import-running');
      await dialog.getByRole('button', { name: 'Cancel import' }).click();
    });
    await dialog.getByText('The import was cancelled.').waitFor();
    await look(page, 'import-cancelled');
    const { items } = await on.server.api('GET', '/imports?limit=1');
    assert.equal(items[0].status, 'cancelled');
    await finished(on.server, items[0].job_id);
    assert.deepEqual(await on.server.api('GET', '/security-keys/counts'), before);
    assert.deepEqual((await on.server.api('GET', '/security-keys?q=BIG0000001')).items, []);
  });
});
