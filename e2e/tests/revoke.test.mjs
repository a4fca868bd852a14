// Revoke: one in three clicks, with reason, note and notification; many at once with their number typed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from '../lib/browser.mjs';
import { handOut, keyBySerial, person, stocked } from '../lib/hands.mjs';
import { policy } from '../lib/server.mjs';
import { choose, rowOf, stage } from '../lib/stage.mjs';

const serial = (index) => `RV${String(index).padStart(6, '0')}`;
const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  const eva = await person(server, 'eva.schmidt', { display_name: 'Eva Schmidt' });
  const silent = await person(server, 'no.address', { email: null });
  const keys = await stocked(server, Array.from({ length: 30 }, (_, index) => serial(index)), standard.id, 'eToken Fusion NFC');
  for (const key of keys.slice(0, 3)) await handOut(server, key, eva);
  await handOut(server, keys[3], silent);
});
const windowOf = (page) => page.getByRole('dialog', { name: 'Revoke Device' });

test('a stolen key is revoked, and the list and its history say so', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${serial(0)}`);
    await rowOf(page, serial(0)).getByText('Enrolled').waitFor();
    await choose(page, serial(0), 'Revoke');
    const dialog = windowOf(page);
    await dialog.getByText('Revocation is permanent').waitFor();
    assert.ok(await dialog.getByRole('switch', { name: 'Send email notification' }).isDisabled(), 'there is no mail server');
    await dialog.getByText('No mail server is set up').waitFor();
    await dialog.getByLabel('Stolen').check();
    await dialog.getByLabel('Note').fill('Taken from the car');
    await look(page, 'revoke');
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await rowOf(page, serial(0)).getByText('Revoked').waitFor();
    await page.getByText(`${serial(0)} is revoked.`).waitFor();
    await page.getByRole('link', { name: 'eToken Fusion NFC' }).click();
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('Key revoked').waitFor();
    await page.getByText('Taken from the car').waitFor();
    await look(page, 'key-history');
  });
});

test('three clicks are enough, and Enter never revokes', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${serial(1)}`);
    await choose(page, serial(1), 'Revoke');
    await windowOf(page).waitFor();
    await page.keyboard.press('Enter');
    assert.equal((await keyBySerial(on.server, serial(1))).status, 'enrolled');
    await windowOf(page).getByRole('button', { name: 'Revoke', exact: true }).click();
    await rowOf(page, serial(1)).getByText('Revoked').waitFor();
  });
});

test('the last key of a user and a missing address are told before', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${serial(3)}`);
    await choose(page, serial(3), 'Revoke');
    await windowOf(page).getByText('It is the last usable key of no.address.').waitFor();
    await windowOf(page).getByText('The user has no e-mail address.').waitFor();
    await look(page, 'revoke-last-key');
    await page.keyboard.press('Escape');
    await windowOf(page).waitFor({ state: 'detached' });
    assert.equal((await keyBySerial(on.server, serial(3))).status, 'enrolled');
  });
});

test('a revoked key offers no second revocation', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory?status=revoked');
    await page.getByRole('button', { name: `Actions for ${serial(0)}`, exact: true }).click();
    await page.getByRole('menuitem', { name: 'Copy serial number' }).waitFor();
    assert.equal(await page.getByRole('menuitem', { name: 'Revoke', exact: true }).count(), 0);
  });
});

test('more than twenty are revoked by typing their number, as a job', async () => {
  await on.onPage(async (page) => {
    const eva = (await on.server.api('GET', '/users?q=eva.schmidt')).items[0];
    const keys = await stocked(on.server, Array.from({ length: 24 }, (_, index) => `RW${String(index).padStart(6, '0')}`), (await on.server.api('GET', '/policies')).items[0].id);
    for (const key of keys) await on.server.api('POST', `/security-keys/${key.id}/assign`, { user_id: eva.id });
    await page.goto('/inventory?q=RW');
    await page.getByText('24 keys', { exact: true }).first().waitFor();
    await page.getByLabel('Select this page').check();
    await look(page, 'assigned-selected');
    await page.getByRole('toolbar').getByRole('button', { name: 'Revoke' }).click();
    const verb = windowOf(page).getByRole('button', { name: 'Revoke', exact: true });
    assert.ok(await verb.isDisabled());
    await windowOf(page).getByLabel('Leaver').or(windowOf(page).getByLabel('User left')).check();
    await windowOf(page).getByLabel('Type 24 to confirm').fill('24');
    await look(page, 'revoke-many');
    await verb.click();
    await page.getByText('24 done, 0 refused.').waitFor();
    const { total } = await on.server.api('GET', '/security-keys?q=RW&status=revoked');
    assert.equal(total.count, 24);
  });
});
