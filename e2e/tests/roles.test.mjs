// Roles: what each allows in plain words, own ones by a grid, and nothing that the maker does not hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look, openPage } from '../lib/browser.mjs';
import { colleague } from '../lib/server.mjs';
import { stage } from '../lib/stage.mjs';

let administrator;
const on = stage(async (server) => {
  administrator = await colleague(server, 'administrator');
});
const role = async (name) => (await on.server.api('GET', '/roles')).items.find((one) => one.name === name);

test('an own role is made from a copy, changed, and deleted', async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/roles');
    await page.getByRole('link', { name: 'Warehouse' }).waitFor();
    await look(page, 'roles');
    await page.getByRole('link', { name: 'Warehouse' }).click();
    await page.getByRole('heading', { name: 'Warehouse', level: 1 }).waitFor();
    await look(page, 'role-built-in');
    assert.equal(await page.getByRole('checkbox', { name: 'Import deliveries' }).isDisabled(), true, 'a built-in role does not change');
    await page.getByRole('link', { name: 'Copy as a new role' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Night shift');
    assert.equal(await page.getByRole('checkbox', { name: 'Import deliveries' }).isChecked(), true);
    await page.getByRole('checkbox', { name: 'Suspend and resume' }).check();
    await page.getByRole('checkbox', { name: 'Delete from stock' }).uncheck();
    await look(page, 'role-new');
    await page.getByRole('button', { name: 'Create role' }).click();
    await page.getByRole('heading', { name: 'Night shift', level: 1 }).waitFor();
    const made = await role('Night shift');
    assert.ok(made.privileges.includes('key.suspend') && !made.privileges.includes('stock.delete'), made.privileges.join(' '));

    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('button', { name: 'All or none of Policies' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    assert.ok((await role('Night shift')).privileges.includes('policy.write'));
    await page.goto('/settings/roles');
    await page.getByRole('button', { name: 'Actions for Night shift' }).click();
    await page.getByRole('menuitem', { name: 'Delete role' }).click();
    await look(page, 'role-delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete role' }).click();
    await page.getByText('Night shift deleted.').waitFor();
    assert.equal(await role('Night shift'), undefined);
  });
});

test('a role that is held is not deleted, and a reserved name is refused beside the field', async () => {
  await on.server.api('POST', '/roles', { name: 'Held', privileges: ['inventory.read'] });
  await on.server.api('POST', '/api-tokens', { name: 'Holder', role: 'Held' });
  await on.onPage(async (page) => {
    await page.goto('/settings/roles/Held');
    await page.getByRole('button', { name: 'Delete role' }).click();
    assert.equal(await page.getByRole('dialog').getByRole('button', { name: 'Delete role' }).isDisabled(), true);
    await page.keyboard.press('Escape');
    await page.goto('/settings/roles/new');
    await page.getByLabel('Name', { exact: true }).fill('owner');
    await page.getByRole('checkbox', { name: 'See the inventory' }).check();
    await page.getByRole('button', { name: 'Create role' }).click();
    await page.getByRole('alert').first().waitFor();
    await look(page, 'role-reserved');
  });
});

test('who does not hold a privilege sees why it cannot be handed out', async () => {
  await on.onPage(
    async (page) => {
      await page.goto('/settings/roles/new');
      const pins = page.getByRole('checkbox', { name: 'See admin PINs' });
      await pins.waitFor();
      assert.equal(await pins.isDisabled(), true);
      await page.getByText('You do not hold this, so you cannot hand it out.').first().waitFor();
      await look(page, 'role-beyond');
      await page.goto('/settings/administrators');
      await page.getByRole('button', { name: 'Invite administrator' }).click();
      const options = page.getByRole('dialog').getByLabel('Role').locator('option');
      await options.filter({ hasText: 'Owner' }).waitFor({ state: 'attached' });
      assert.equal(await options.filter({ hasText: 'Owner (beyond your privileges)' }).isDisabled(), true);
    },
    { as: administrator },
  );
});

test('a role shapes what its holder sees', async () => {
  await on.server.api('POST', '/roles', { name: 'Reader of people', privileges: ['user.read'] });
  const { link } = await on.server.api('POST', '/administrators', { email: 'reader@example.test', display_name: 'Rea Der', role: 'Reader of people' });
  const guest = await openPage(on.browser, on.server);
  await guest.page.goto(link);
  await guest.page.getByRole('heading', { name: 'Take up your invitation' }).waitFor();
  assert.equal(await guest.page.getByLabel('E-mail').inputValue(), 'reader@example.test', 'the link knows whom it is for');
  await guest.page.getByRole('button', { name: 'Use a password instead' }).click();
  await guest.page.getByLabel('Password').fill('reading people all day long');
  await guest.page.getByRole('button', { name: 'Finish set-up' }).click();
  await guest.page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  const places = guest.page.getByRole('navigation', { name: 'Places' });
  await places.getByRole('link', { name: 'Users' }).waitFor();
  for (const name of ['Device Inventory', 'Audit', 'Downloads', 'Policies']) assert.equal(await places.getByRole('link', { name }).count(), 0, name);
  await guest.close();
});
