// Who works here: invitations, API tokens shown once, tenants side by side.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copied, look, openPage, saved, signIn, told } from '../lib/browser.mjs';
import { deliver, user } from '../lib/server.mjs';
import { rowOf, stage } from '../lib/stage.mjs';

const on = stage((server) => deliver(server, [{ device_name: 'YubiKey', serial_number: 'ACME1' }]));

test('an API token is shown once, works, and is revoked', async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/api-tokens');
    await page.getByRole('button', { name: 'Create API token' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create API token' });
    await dialog.getByLabel('Name').fill('Nightly report');
    await look(page, 'api-token-new');
    await dialog.getByRole('button', { name: 'Create API token' }).click();
    const token = await dialog.locator('code').textContent();
    assert.match(token, /^clv_/);
    await dialog.getByRole('button', { name: 'Copy API token' }).click();
    await copied(page, token);
    await look(page, 'api-token-once');
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('Nightly report').waitFor();
    await look(page, 'api-tokens');
    assert.ok(!(await page.content()).includes(token), 'the token is nowhere on the page any more');
    const ask = () => fetch(`${on.server.origin}/api/v1/security-keys`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await ask()).status, 200);

    await page.getByRole('button', { name: 'Actions for Nightly report' }).click();
    await page.getByRole('menuitem', { name: 'Revoke API token' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke API token' }).click();
    await page.getByText('Nightly report revoked.').waitFor();
    assert.equal((await ask()).status, 401);
  });
});

test('an invited colleague takes up the link and sees what the role allows', async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/administrators');
    await page.getByRole('button', { name: 'Invite administrator' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite administrator' });
    await dialog.getByLabel('E-mail').fill('vera.vlk@example.test');
    await dialog.getByLabel('Name').fill('Věra Vlková');
    await dialog.getByLabel('Role').selectOption('warehouse');
    await look(page, 'invite');
    await dialog.getByRole('button', { name: 'Invite administrator' }).click();
    const link = await dialog.locator('code').textContent();
    await look(page, 'invited');
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('Invited', { exact: true }).waitFor();
    await look(page, 'administrators');

    const guest = await openPage(on.browser, on.server);
    await guest.page.goto(link);
    await guest.page.getByRole('heading', { name: 'Take up your invitation' }).waitFor();
    assert.equal(await guest.page.getByLabel('Your name').inputValue(), 'Věra Vlková');
    assert.equal(await guest.page.getByLabel('E-mail').inputValue(), 'vera.vlk@example.test');
    await guest.page.getByRole('button', { name: 'Use a password instead' }).click();
    await guest.page.getByLabel('Password').fill('seven wolves in a warehouse');
    await guest.page.getByRole('button', { name: 'Finish set-up' }).click();
    await guest.page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    assert.equal(await guest.page.getByRole('link', { name: 'Audit' }).count(), 0);
    await guest.close();

    await page.reload();
    await page.getByRole('button', { name: 'Actions for Věra Vlková' }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await told(page, 'Věra Vlková can no longer sign in.');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone.').waitFor();
  });
});

test('a role is changed and taken back; a person is tied; sessions end at once', async () => {
  const person = await user(on.server, { user_name: 'vera.vlk', display_name: 'Věra Vlková', email: null, locale: null });
  const guest = await openPage(on.browser, on.server);
  await signIn(guest.page, { email: 'vera.vlk@example.test', password: 'seven wolves in a warehouse' });
  const vera = async () => (await on.server.api('GET', '/administrators')).items.find((one) => one.email === 'vera.vlk@example.test');
  await on.onPage(async (page) => {
    const act = async (entry) => {
      await page.getByRole('button', { name: 'Actions for Věra Vlková' }).click();
      await page.getByRole('menuitem', { name: entry }).click();
    };
    await page.goto('/settings/administrators');
    await act('Change role');
    const roles = page.getByRole('dialog', { name: 'Change role' });
    await roles.getByLabel('Role').selectOption('auditor');
    await look(page, 'administrator-role');
    await roles.getByRole('button', { name: 'Change role' }).click();
    await told(page, 'Role of Věra Vlková changed.');
    assert.equal((await vera()).role, 'auditor');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone.').waitFor();
    assert.equal((await vera()).role, 'warehouse');

    await page.reload();
    await act('Tie to a user');
    const tie = page.getByRole('dialog', { name: 'Tie to a user' });
    await tie.getByRole('combobox').fill('vera');
    await tie.getByRole('option', { name: /vera\.vlk/ }).click();
    await look(page, 'administrator-tie');
    await tie.getByRole('button', { name: 'Tie to a user' }).click();
    await page.getByText('Věra Vlková is tied to vera.vlk.').waitFor();
    assert.equal((await vera()).user.id, person.id);

    await act('Sessions');
    const sessions = page.getByRole('dialog', { name: 'Sessions of Věra Vlková' });
    await sessions.getByText('Password').first().waitFor();
    await look(page, 'administrator-sessions');
    await sessions.getByRole('button', { name: 'End all sessions' }).click();
    await sessions.getByText('Not signed in anywhere now.').waitFor();
    await page.keyboard.press('Escape');

    await act('New sign-in link');
    const link = page.getByRole('dialog', { name: 'New sign-in link' });
    await link.getByRole('button', { name: 'Make link' }).click();
    assert.match(await link.locator('code').textContent(), /\/setup#token=/);
    await look(page, 'administrator-link');
  });
  await guest.page.goto('/inventory');
  await guest.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await guest.close();
});

test('the last Owner stays: the refusal stands in words and changes nothing', async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/administrators');
    await page.getByRole('button', { name: 'Actions for Eva Pálová' }).click();
    await page.getByRole('menuitem', { name: 'Change role' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change role' });
    await dialog.getByLabel('Role').selectOption('view_only');
    await dialog.getByRole('button', { name: 'Change role' }).click();
    await dialog.getByRole('alert').waitFor();
    await look(page, 'administrator-last-owner');
    const eva = (await on.server.api('GET', '/administrators')).items.find((one) => one.display_name === 'Eva Pálová');
    assert.equal(eva.role, 'owner');
  });
});

test('another tenant is another world', async () => {
  const made = await on.server.api('POST', '/tenants', { name: 'Beta GmbH' });
  assert.ok(made.id);
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await rowOf(page, 'ACME1').waitFor();
    await page.getByRole('button', { name: 'Tenant Acme' }).click();
    await look(page, 'tenants');
    await page.getByRole('menuitem', { name: /Beta GmbH/ }).click();
    await page.getByRole('button', { name: 'Tenant Beta GmbH' }).waitFor();
    await page.goto('/inventory/stocks?q=ACME1');
    await page.getByText('Nothing matches “ACME1”').waitFor();
    await page.getByRole('button', { name: 'Tenant Beta GmbH' }).click();
    await page.getByRole('menuitem', { name: /Acme/ }).click();
    await page.getByRole('button', { name: 'Tenant Acme' }).waitFor();
  });
});

test("the tenant's settings are changed and stay", async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/tenant');
    await page.getByLabel('Language').selectOption('cs');
    await page.getByLabel(/Send email notification/).check();
    await page.getByLabel('Ends without activity after (minutes)').fill('15');
    await page.getByLabel('Showings per operator and hour').fill('5');
    await page.getByLabel('A second person approves admin PINs').check();
    await page.getByLabel('Results of jobs (days)').fill('30');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    await look(page, 'settings-tenant');
    const { locale, revoke_notifies, session, pins, retention } = await on.server.api('GET', '/settings');
    assert.deepEqual([locale, revoke_notifies, session.idle_minutes, pins.shows_per_hour, pins.admin_pin_needs_approval, retention.job_days], ['cs', true, 15, 5, true, 30]);
    await page.getByLabel('Ends without activity after (minutes)').fill('');
    await saved(page, () => page.getByRole('button', { name: 'Save' }).click());
    await page.reload();
    assert.equal(await page.getByLabel('Ends without activity after (minutes)').inputValue(), '');
  });
});
