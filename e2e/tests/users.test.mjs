// Users: listed, found, filtered, made, changed, disabled and taken back; one person's page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loaded, look, told } from '../lib/browser.mjs';
import { colleague, deliver, policy, user } from '../lib/server.mjs';
import { rowOf, stage } from '../lib/stage.mjs';

let viewer;
const people = [['anna.kralova', 'Anna Králová', 'anna.kralova@example.test'], ['boris.n', 'Boris Nejedlý', null], ['carla.o', 'Carla Öztürk-Weißmüller', 'carla@example.test']];
const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  await deliver(server, [{ device_name: 'YubiKey 5C NFC', serial_number: 'US0001' }], standard.id);
  const made = [];
  for (const [user_name, display_name, email] of people) made.push(await user(server, { user_name, display_name, email }));
  const { items } = await server.api('GET', '/security-keys?q=US0001');
  await server.api('POST', `/security-keys/${items[0].id}/assign`, { user_id: made[0].id });
  viewer = await colleague(server, 'view_only');
});
const find = async (q) => (await on.server.api('GET', `/users?q=${encodeURIComponent(q)}`)).items[0];

test('users are found by name and e-mail, filtered by status, and the address holds it', async () => {
  await on.onPage(async (page) => {
    await page.goto('/users');
    await page.getByText('3 users', { exact: true }).waitFor();
    await look(page, 'users');
    await page.getByPlaceholder('User name, name or e-mail').fill('Králová');
    await page.getByText('1 user', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'anna.kralova' }).waitFor();
    assert.match(page.url(), /q=Kr/);
    await page.goto('/users?status=disabled');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('3 users', { exact: true }).waitFor();
    await page.getByRole('columnheader', { name: 'User name' }).getByRole('button').click();
    await page.waitForURL(/sort=-user_name/);
    await loaded(page);
    assert.match(await page.locator('tbody tr').first().textContent(), /carla\.o/);
  });
});

test('a user is made; a name that exists is refused beside the field and nothing typed is lost', async () => {
  await on.onPage(async (page) => {
    await page.goto('/users');
    await page.getByRole('button', { name: 'Create user' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create user' });
    await dialog.getByLabel('User name').fill('ANNA.KRALOVA');
    await dialog.getByLabel('Name', { exact: true }).fill('Somebody Else');
    await dialog.getByLabel('E-mail').fill('else@example.test');
    await dialog.getByLabel('Language').selectOption('cs');
    await look(page, 'user-new');
    await dialog.getByRole('button', { name: 'Create user' }).click();
    await dialog.getByRole('alert').first().waitFor();
    await look(page, 'user-duplicate');
    await page.reload();
    const again = page.getByRole('dialog', { name: 'Create user' });
    assert.equal(await again.getByLabel('Name', { exact: true }).inputValue(), 'Somebody Else');
    await again.getByLabel('User name').fill('somebody.else');
    await again.getByRole('button', { name: 'Create user' }).click();
    await page.getByRole('heading', { name: 'Somebody Else', level: 1 }).waitFor();
    const made = await find('somebody.else');
    assert.deepEqual([made.display_name, made.email, made.locale, made.status], ['Somebody Else', 'else@example.test', 'cs', 'active']);
  });
});

test("a person's page tells facts, keys and history, and edits in place", async () => {
  const anna = await find('anna.kralova');
  await on.onPage(async (page) => {
    await page.goto(`/users/${anna.id}`);
    await page.getByRole('heading', { name: 'Anna Králová', level: 1 }).waitFor();
    await look(page, 'user');
    await page.getByRole('link', { name: /^Keys/ }).click();
    await rowOf(page, 'US0001').or(page.getByRole('row').filter({ hasText: 'US0001' })).first().waitFor();
    await look(page, 'user-keys');
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit' });
    await dialog.getByLabel('E-mail').fill('anna@example.test');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('User changed', { exact: true }).waitFor();
    await page.getByText('anna.kralova@example.test → anna@example.test').waitFor();
    await look(page, 'user-history');
  });
});

test('disabling is done at once, shown with its date, and taken back', async () => {
  await on.onPage(async (page) => {
    await page.goto('/users');
    await page.getByRole('button', { name: 'Actions for boris.n' }).click();
    await look(page, 'user-menu');
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await told(page, 'boris.n is disabled and gets no new keys.');
    assert.equal((await find('boris.n')).status, 'disabled');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone.').waitFor();
    assert.equal((await find('boris.n')).status, 'active');

    const anna = await find('anna.kralova');
    await page.goto(`/users/${anna.id}`);
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('Disabled: gets no new keys. 1 key is still assigned.').waitFor();
    await look(page, 'user-disabled');
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByText('anna.kralova is enabled again.').waitFor();
  });
});

test('View Only sees users and changes none', async () => {
  await on.onPage(
    async (page) => {
      await page.goto('/users');
      await page.getByRole('link', { name: 'carla.o' }).waitFor();
      for (const name of ['Create user', 'Import', 'Export']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
      await page.getByRole('link', { name: 'carla.o' }).click();
      await page.getByRole('heading', { name: 'Carla Öztürk-Weißmüller', level: 1 }).waitFor();
      for (const name of ['Edit', 'Disable']) assert.equal(await page.getByRole('button', { name }).count(), 0, name);
      await look(page, 'user-view-only');
    },
    { as: viewer },
  );
});

test('g u leads here, and the search finds people', async () => {
  await on.onPage(async (page) => {
    await page.goto('/');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('carla');
    await page.getByRole('option', { name: /carla\.o/ }).click();
    await page.getByRole('heading', { name: 'Carla Öztürk-Weißmüller', level: 1 }).waitFor();
  });
});
