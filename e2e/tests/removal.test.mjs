// A key that is revoked here and still accepted at its identity provider: found, and settled by who removed it by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from '../lib/browser.mjs';
import { handOut, keyBySerial, person, stocked } from '../lib/hands.mjs';
import { colleague, policy } from '../lib/server.mjs';
import { rowOf, stage } from '../lib/stage.mjs';

const OWED = 'RM000001';
const FREE = 'RM000002';
const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  const eva = await person(server, 'eva.schmidt');
  const keys = await stocked(server, [OWED, FREE], standard.id);
  await handOut(server, keys[0], eva, { provider: 'Entra ID' });
  await handOut(server, keys[1], eva, { provider: null });
  for (const key of keys) await server.api('POST', `/security-keys/${key.id}/revoke`, { reason: 'lost', notify: false });
});

test('the filter finds the key that is owed a removal, and no other', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory');
    await rowOf(page, FREE).waitFor();
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('button', { name: 'Removal at provider', exact: true }).click();
    await look(page, 'removal-filter');
    await page.getByLabel('Pending', { exact: true }).check();
    await page.keyboard.press('Escape');
    await page.getByText('1 key', { exact: true }).first().waitFor();
    await rowOf(page, OWED).waitFor();
    assert.equal(await rowOf(page, FREE).count(), 0);
    assert.equal(new URL(page.url()).searchParams.get('removal'), 'pending');
    await page.getByRole('button', { name: 'Remove filter Removal at provider' }).click();
    await rowOf(page, FREE).waitFor();
    await page.goto('/inventory?mail=failed');
    await page.getByText('Nothing matches').waitFor();
  });
});

test('somebody who may not revoke sees it, without the verbs', async () => {
  const { id } = await keyBySerial(on.server, OWED);
  await on.onPage(async (page) => {
    await page.goto(`/inventory/keys/${id}`);
    await page.getByText('Entra ID is being asked to remove the credential.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Confirm removal' }).count(), 0);
  }, { as: await colleague(on.server, 'view_only') });
});

test('a removal by hand is confirmed with a note, and the worry is over', async () => {
  const { id } = await keyBySerial(on.server, OWED);
  await on.onPage(async (page) => {
    await page.goto(`/inventory/keys/${id}`);
    await page.getByText('Entra ID is being asked to remove the credential.').waitFor();
    await look(page, 'removal-pending');
    await page.getByRole('button', { name: 'Confirm removal' }).click();
    const dialog = page.getByRole('dialog', { name: 'Confirm removal' });
    const verb = dialog.getByRole('button', { name: 'Confirm removal' });
    assert.ok(await verb.isDisabled(), 'a note is wanted');
    await dialog.getByLabel('How was it removed, and by whom?').fill('In the portal by Jan, ticket 4711');
    await look(page, 'removal-confirm');
    await verb.click();
    await page.getByText('Removal at Entra ID confirmed.').waitFor();
    await page.getByText('Entra ID is being asked to remove the credential.').waitFor({ state: 'detached' });
    assert.equal((await keyBySerial(on.server, OWED)).identity_provider_state, 'removed');
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('In the portal by Jan, ticket 4711').waitFor();
    await page.goto('/inventory?removal=pending');
    await page.getByText('Nothing matches').waitFor();
  });
});
