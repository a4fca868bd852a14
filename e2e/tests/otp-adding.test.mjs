// HW tokens come in: by hand, as a URI, as a seed file; found again by their code; emergency codes of a user.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseFile, look } from '../lib/browser.mjs';
import { person } from '../lib/hands.mjs';
import { colleague } from '../lib/server.mjs';
import { rowOf, stage } from '../lib/stage.mjs';
import { hotp, seedOf, token, tokenBySerial } from '../lib/tokens.mjs';

const on = stage(async (server) => {
  const emmy = await person(server, 'emmy.noether', { display_name: 'Emmy Noether' });
  await token(server, 'EM0001', { user: emmy });
  await token(server, 'FI0001');
});
const dialog = (page, name) => page.getByRole('dialog', { name });
const open = async (page, button) => {
  await page.goto('/inventory/tokens');
  await page.getByRole('button', { name: button, exact: true }).click();
};
const hex = (serial) => seedOf(serial).toString('hex');

test('one token is added by hand; how its seed is written is never guessed', async () => {
  await on.onPage(async (page) => {
    await open(page, 'Add token');
    const window = dialog(page, 'Add token');
    await window.getByLabel('Serial Number').fill('HA0001');
    await window.getByLabel('Seed', { exact: true }).last().fill(hex('HA0001'));
    await window.getByLabel('Type').selectOption('hotp');
    await look(page, 'token-add');
    await window.getByRole('button', { name: 'Add token' }).click();
    assert.equal(await tokenBySerial(on.server, 'HA0001'), undefined, 'the encoding is wanted');
    await window.getByLabel('Written as').selectOption('hex');
    await window.getByRole('button', { name: 'Add token' }).click();
    await page.getByText('HA0001 added.').waitFor();
    const { id } = await tokenBySerial(on.server, 'HA0001');
    assert.equal((await on.server.api('POST', `/otp-tokens/${id}/test`, { otp: hotp(seedOf('HA0001'), 0) })).accepted, true);
  });
});

test('one token is added as an otpauth URI, and a faulty one is told beside its field', async () => {
  await on.onPage(async (page) => {
    await open(page, 'Add token');
    const window = dialog(page, 'Add token');
    await window.getByLabel('Serial Number').fill('UR0001');
    await window.getByLabel('An otpauth URI').check();
    await window.getByLabel('otpauth URI', { exact: true }).last().fill('otpauth://totp/Maker:ada');
    await window.getByRole('button', { name: 'Add token' }).click();
    await window.getByRole('alert').first().waitFor();
    await look(page, 'token-add-uri');
    await window.getByLabel('otpauth URI', { exact: true }).last().fill('otpauth://totp/Maker:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    await window.getByRole('button', { name: 'Add token' }).click();
    await page.getByText('UR0001 added.').waitFor();
    assert.equal((await tokenBySerial(on.server, 'UR0001')).type, 'totp');
  });
});

test('a token is found by the code that it shows, which stays good', async () => {
  await on.onPage(async (page) => {
    await open(page, 'Find a token by its code');
    const window = dialog(page, 'Find a token by its code');
    await window.getByLabel('Code').fill(hotp(seedOf('FI0001'), 3));
    await window.getByRole('button', { name: 'Find token' }).click();
    await window.getByRole('link', { name: 'FI0001' }).waitFor();
    await look(page, 'token-find');
    const { id } = await tokenBySerial(on.server, 'FI0001');
    assert.equal((await on.server.api('POST', `/otp-tokens/${id}/test`, { otp: hotp(seedOf('FI0001'), 3) })).accepted, true);
  });
});

test('a seed file is previewed without its seeds, imported, and undone', async () => {
  await on.onPage(async (page) => {
    await open(page, 'Import');
    const window = dialog(page, 'Import HW tokens');
    await look(page, 'tokens-import-choose');
    await window.getByLabel('Format').selectOption('oath_csv');
    await window.getByLabel('Seeds are written as').selectOption('hex');
    const file = ['SF0001', 'SF0002'].map((serial) => `${serial},${hex(serial)},HOTP,6,0`).join('\n');
    await chooseFile(page, () => window.locator('button', { hasText: 'Choose File' }).click(), 'seeds.csv', `${file}\n`);
    await window.getByText('SF0001').waitFor();
    assert.ok(!(await page.content()).includes(hex('SF0001')), 'a seed stands on the page');
    await look(page, 'tokens-import-preview');
    await window.getByRole('button', { name: 'Import 2 tokens' }).click();
    await window.getByText('Import Successful!').waitFor();
    await look(page, 'tokens-import-done');
    await window.getByRole('button', { name: 'Show tokens' }).click();
    await rowOf(page, 'SF0002').waitFor();
    await page.goto('/inventory/imports');
    await page.getByRole('link', { name: 'seeds.csv' }).click();
    await page.getByText('OATH CSV').waitFor();
    await look(page, 'tokens-import');
    await page.getByRole('link', { name: 'Show tokens' }).click();
    await rowOf(page, 'SF0002').waitFor();
    await page.getByText('2 tokens', { exact: true }).waitFor();
    assert.equal(await rowOf(page, 'FI0001').count(), 0, 'others are left out');
    await page.goBack();
    await page.getByRole('button', { name: 'Undo import' }).click();
    await dialog(page, 'Undo import').getByText('2 tokens from seeds.csv').waitFor();
    await dialog(page, 'Undo import').getByRole('button', { name: 'Undo import' }).click();
    await page.getByText('The import was undone.').waitFor();
    assert.equal(await tokenBySerial(on.server, 'SF0001'), undefined);
  });
});

test('the Help Desk helps with tokens, sees their imports and brings none in', async () => {
  const cookie = await colleague(on.server, 'help_desk');
  await on.onPage(
    async (page) => {
      await page.goto('/inventory/tokens');
      await page.getByRole('button', { name: 'Actions for FI0001', exact: true }).waitFor();
      for (const name of ['Find a token by its code', 'Add token', 'Import']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
      await page.getByRole('button', { name: 'Actions for FI0001', exact: true }).click();
      const entries = await page.getByRole('menuitem').allTextContents();
      assert.deepEqual(entries.map((entry) => entry.trim()), ['Disable temporarily', 'Reset token', 'Test a code', 'Copy serial number']);
      await look(page, 'tokens-help-desk');
    },
    { as: cookie },
  );
});

test('emergency codes are shown once, listed without themselves, and revoked', async () => {
  await on.onPage(async (page) => {
    const { id } = (await on.server.api('GET', '/users?q=emmy')).items[0];
    await page.goto(`/users/${id}?tab=keys`);
    await page.getByRole('link', { name: 'EM0001' }).waitFor();
    await look(page, 'user-devices');
    await page.getByRole('button', { name: 'Issue emergency codes' }).click();
    const window = dialog(page, 'Issue emergency codes');
    await window.getByRole('button', { name: 'Issue emergency codes' }).click();
    const codes = window.getByRole('list', { name: 'Emergency codes' }).getByRole('listitem');
    await codes.first().waitFor();
    assert.equal(await codes.count(), 5);
    const one = (await codes.first().textContent()).trim();
    await look(page, 'emergency-codes');
    await window.getByRole('button', { name: 'Codes handed over' }).click();
    await page.getByRole('row').filter({ hasText: 'Good' }).nth(4).waitFor();
    assert.ok(!(await page.content()).includes(one), 'a code stands on the page');
    await page.getByRole('button', { name: 'Revoke codes' }).click();
    await dialog(page, 'Revoke codes').getByRole('button', { name: 'Revoke codes' }).click();
    await page.getByText('Emergency codes of emmy.noether revoked.').waitFor();
    await page.getByText('No emergency codes.').waitFor();
  });
});
