// Import devices into stock: one drop and two clicks for CSV with a policy; JSON; faults, rejects, undo.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseFile, downloaded, look } from '../lib/browser.mjs';
import { policy } from '../lib/server.mjs';
import { drop, rowOf, stage } from '../lib/stage.mjs';

const on = stage((server) => policy(server, 'Standard EU'));
const csv = (prefix, count) =>
  ['deviceName,serialNumber,version', ...Array.from({ length: count }, (_, n) => `YubiKey 5C NFC,${prefix}${String(n).padStart(4, '0')},FIDO_2_1`), ''].join('\r\n');

test('an empty stock names the next step', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await page.getByText('No keys in stock yet').waitFor();
    await look(page, 'stocks-empty');
  });
});

test('one drop and two clicks import a delivery with its policy', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
    await drop(page, 'delivery.csv', csv('A', 1_000));
    const dialog = page.getByRole('dialog', { name: 'Import Devices' });
    await dialog.getByText('Standard EU').click();
    await look(page, 'import-preview');
    await dialog.getByRole('button', { name: 'Import 1,000 keys' }).click();
    await dialog.getByText('Import Successful!').waitFor();
    await look(page, 'import-done');
    await dialog.getByRole('button', { name: 'Show stock' }).click();
    await page.getByText('1,000 keys', { exact: true }).first().waitFor();
    await rowOf(page, 'A0999').getByText('Ready').waitFor();
    await rowOf(page, 'A0999').getByText('Standard EU').waitFor();
  });
});

test('a JSON file is chosen, imported, and the import undone', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Import Devices' });
    await look(page, 'import-choose');
    const devices = [{ deviceName: 'Nitrokey 3A Mini', serialNumber: 'JSON-1', version: 'FIDO_2_1' }];
    await chooseFile(page, () => dialog.locator('button', { hasText: 'Choose File' }).click(), 'delivery.json', JSON.stringify({ devices }), 'application/json');
    await dialog.getByRole('button', { name: 'Import 1 key' }).click();
    await dialog.getByText('Import Successful!').waitFor();
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await dialog.getByText('The import was undone.').waitFor();
    const { items } = await on.server.api('GET', '/security-keys?q=JSON-1');
    assert.deepEqual(items, []);
  });
});

test('faults are told with their lines; good rows go in, rejected ones come back as a file', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
    await drop(page, 'mixed.csv', 'deviceName;serialNumber;version\nYubiKey;B1;FIDO_2_1\nYubiKey;;FIDO_2_1\nYubiKey;1.23E+15;FIDO_2_1\nYubiKey;B1;FIDO_2_1\n');
    const dialog = page.getByRole('dialog', { name: 'Import Devices' });
    await dialog.getByText('3 rejected').waitFor();
    for (const line of ['3', '4', '5']) await dialog.getByRole('cell', { name: line, exact: true }).waitFor();
    await look(page, 'import-faults');
    await dialog.getByLabel(/good row/).check();
    await dialog.getByRole('button', { name: 'Import 1 key' }).click();
    await dialog.getByText('Import Successful!').waitFor();
    const rejects = await downloaded(page, () => dialog.getByText('Download 3 rejected rows').click());
    assert.match(rejects.text.split(/\r?\n/)[0], /deviceName.*serialNumber.*version.*error/);
    assert.equal(rejects.text.trimEnd().split(/\r?\n/).length, 4);
  });
});

test('a file that is no delivery is refused by name and nothing changes', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    const before = await on.server.api('GET', '/security-keys/counts');
    for (const [name, text] of [['empty.csv', ''], ['other.csv', 'name,colour\nx,red\n'], ['other.json', '{"keys":[]}']]) {
      await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
      await drop(page, name, text);
      const dialog = page.getByRole('dialog', { name: 'Import Devices' });
      await dialog.getByText(/empty|deviceName|devices/).first().waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    }
    assert.deepEqual(await on.server.api('GET', '/security-keys/counts'), before);
  });
});
