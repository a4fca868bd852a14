// The overview: figures and charts that lead to their lists, and what needs attention, down to ending it for all at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look, openPage, signIn } from '../lib/browser.mjs';
import { handOut, keyBySerial, observe, person, stocked } from '../lib/hands.mjs';
import { as, colleague, policy } from '../lib/server.mjs';
import { rowOf, stage } from '../lib/stage.mjs';

const serial = (index) => `OV${String(index).padStart(6, '0')}`;
const PROVIDER = { issuer: 'https://id.example.test', client_id: 'claviger', client_secret: 'hush', button_label: 'Acme', group_roles: { desk: 'help_desk' } };
let leaver;
const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  leaver = await person(server, 'lea.left', { display_name: 'Lea Left' });
  const stays = await person(server, 'sam.stays', { display_name: 'Sam Stays' });
  const keys = await stocked(server, Array.from({ length: 9 }, (_, index) => serial(index)), standard.id);
  for (const key of keys.slice(0, 2)) await handOut(server, key, leaver);
  for (const key of keys.slice(2, 5)) await server.api('POST', `/security-keys/${key.id}/assign`, { user_id: leaver.id });
  for (const key of keys.slice(5, 7)) await handOut(server, key, stays);
  await server.api('POST', `/security-keys/${keys[5].id}/revoke`, { reason: 'lost', notify: false });
  await observe(server, keys[6], { kind: 'pin_state', state: 'blocked', retries: 0 });
  await server.api('POST', `/users/${leaver.id}/disable`, {});
  // An administrator who has left, and what his programs still hold.
  const gone = await colleague(server, 'administrator');
  for (const name of ['Shelf scanner', 'Night report']) await as(server, gone)('POST', '/api-tokens', { name, role: 'view_only' });
  const { items } = await server.api('GET', '/administrators');
  await server.api('PATCH', `/administrators/${items.find((one) => one.role === 'administrator').id}`, { disabled: true });
});
const card = (page, name) => page.locator('section.card').filter({ has: page.getByRole('heading', { name, exact: true }) });
const count = (page, n) => page.getByText(n === 1 ? '1 key' : `${n} keys`, { exact: true }).first().waitFor();

test('the figures are those of the keys, and each line leads to its list', async () => {
  await on.onPage(async (page) => {
    await page.goto('/');
    const assigned = card(page, 'Configured & Assigned');
    for (const [status, n] of [['Ready', 3], ['Enrolled', 3], ['Revoked', 1], ['Suspended', 0]]) await assigned.getByRole('link', { name: `${status} ${n}`, exact: true }).waitFor();
    await card(page, 'Stocks').getByRole('link', { name: 'Ready 2', exact: true }).waitFor();
    await card(page, 'In use by policy').getByRole('link', { name: 'Standard EU 6', exact: true }).waitFor();
    await card(page, 'In use by model').getByRole('link', { name: 'SafeNet eToken Fusion NFC PIV Enterprise 6', exact: true }).waitFor();
    await card(page, 'In use by age').getByText('6', { exact: true }).first().waitFor();
    await look(page, 'overview-full');
    await assigned.getByRole('link', { name: 'Enrolled 3', exact: true }).click();
    await page.getByText('Status: Enrolled').waitFor();
    await count(page, 3);
  });
});

for (const [line, chip, n] of [
  ['1 revoked key is being removed at its identity provider', 'Removal at provider: Pending', 1],
  ['5 keys are still with disabled users', 'Status of the user: Disabled', 5],
  ['1 key is locked', 'Locked: Yes', 1],
]) {
  test(`“${line}” leads to a list of as many`, async () => {
    await on.onPage(async (page) => {
      await page.goto('/');
      await card(page, 'Needs attention').getByRole('link', { name: line }).click();
      await page.getByText(chip).waitFor();
      await count(page, n);
      assert.equal(await page.getByRole('button', { name: /^Actions for / }).count(), n);
    });
  });
}

test('keys of a disabled user go back to stock where their state allows it, and the rest is revoked', async () => {
  await on.onPage(async (page) => {
    await page.goto('/');
    const attention = card(page, 'Needs attention');
    await attention.getByRole('button', { name: 'Return to stock' }).click();
    const back = page.getByRole('dialog', { name: 'Unassign devices' });
    await back.getByText('3 devices will be taken back from their users.').waitFor();
    await look(page, 'overview-return-to-stock');
    await back.getByRole('button', { name: 'Unassign' }).click();
    await page.getByText('3 done, 0 refused.').waitFor();
    await attention.getByRole('link', { name: '2 keys are still with disabled users' }).waitFor();
    assert.equal((await keyBySerial(on.server, serial(2))).status, 'ready');
    assert.equal((await keyBySerial(on.server, serial(2))).user ?? null, null);

    await attention.getByRole('button', { name: 'Revoke', exact: true }).click();
    const revoke = page.getByRole('dialog', { name: 'Revoke Device' });
    await revoke.getByText('2 devices will be revoked.').waitFor();
    await revoke.getByLabel('User left').check();
    await look(page, 'overview-revoke-many');
    await revoke.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('2 done, 0 refused.').waitFor();
    await attention.getByRole('link', { name: '3 revoked keys are being removed at their identity provider' }).waitFor();
    await attention.getByRole('link', { name: /disabled users?/ }).waitFor({ state: 'detached' });
    for (const index of [0, 1]) assert.equal((await keyBySerial(on.server, serial(index))).status, 'revoked');
    // Nothing is left to return: the window says so instead of doing nothing.
    await page.goto('/inventory?removal=pending');
    await rowOf(page, serial(0)).waitFor();
    await count(page, 3);
  });
});

test('API tokens of a disabled administrator are found and revoked together', async () => {
  await on.onPage(async (page) => {
    await page.goto('/');
    await card(page, 'Needs attention').getByRole('link', { name: '2 API tokens of disabled administrators are left' }).click();
    await page.getByText('Created by: Disabled').waitFor();
    await page.getByRole('row').filter({ hasText: 'Shelf scanner' }).waitFor();
    await page.getByLabel('Select this page').check();
    await look(page, 'api-tokens-disabled');
    await page.getByRole('toolbar').getByRole('button', { name: 'Revoke' }).click();
    const dialog = page.getByRole('dialog', { name: 'Revoke API token' });
    await dialog.getByText('2 API tokens will be revoked: Night report, Shelf scanner.').waitFor();
    await look(page, 'api-tokens-revoke-many');
    await dialog.getByRole('button', { name: 'Revoke API token' }).click();
    await page.getByText('2 API tokens revoked.').waitFor();
    assert.deepEqual((await on.server.api('GET', '/api-tokens?creator=disabled')).items, []);
  });
});

test('an emergency sign-in of an Owner stands there until somebody else takes note', async () => {
  await on.server.api('PUT', '/settings/sign-in/oidc', PROVIDER);
  await colleague(on.server, 'owner', 'olga.owner');
  const opened = await openPage(on.browser, on.server);
  await signIn(opened.page, { email: 'olga.owner@example.test', password: 'another long passphrase' });
  const line = (page) => card(page, 'Needs attention').getByRole('listitem').filter({ hasText: 'past the identity provider' });
  // Not by herself.
  await line(opened.page).getByRole('button', { name: 'Acknowledge' }).click();
  await opened.page.getByText('There is no sign-in of another Owner to take note of.').waitFor();
  await opened.close();
  await on.onPage(async (page) => {
    await page.goto('/');
    await line(page).waitFor();
    await look(page, 'overview-break-glass');
    await line(page).getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Acknowledged. The audit log says by whom.').waitFor();
    await line(page).waitFor({ state: 'detached' });
    await page.goto('/audit?action=session.break_glass_acknowledged');
    await page.getByRole('row').filter({ hasText: 'Emergency sign-in of an Owner acknowledged' }).waitFor();
  });
});
