// Policies: create, edit into a new version, archive and restore, delete, and what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look, told } from '../lib/browser.mjs';
import { deliver, policy } from '../lib/server.mjs';
import { stage } from '../lib/stage.mjs';

const on = stage();

test('a policy is created; faults are told beside their field and nothing typed is lost', async () => {
  await on.onPage(async (page) => {
    await page.goto('/policies');
    await page.getByRole('heading', { name: 'No policies yet' }).waitFor();
    await look(page, 'policies-empty');
    await page.getByRole('link', { name: 'Create policy' }).first().click();
    await page.getByRole('spinbutton', { name: 'Minimum PIN length' }).fill('3');
    await page.getByRole('button', { name: 'Create policy' }).click();
    await page.getByText('The policy needs a name.').waitFor();
    await page.getByText('From 4 to 63.').waitFor();
    await look(page, 'policy-faults');
    await page.getByLabel('Name', { exact: true }).fill('Enterprise DE');
    await page.getByRole('spinbutton', { name: 'Minimum PIN length' }).fill('8');
    await page.reload();
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Enterprise DE', 'a reload loses nothing');
    await page.getByLabel('Type').selectOption('enterprise');
    await page.getByLabel('Allowed services').fill('login.example.com\nvpn.example.com');
    await page.getByRole('button', { name: 'Create policy' }).click();
    await page.getByRole('heading', { name: 'Enterprise DE' }).waitFor();
    for (const service of ['login.example.com', 'vpn.example.com']) await page.getByText(service, { exact: true }).waitFor();
  });
});

test('a name that is taken is refused in words', async () => {
  await policy(on.server, 'Taken');
  await on.onPage(async (page) => {
    await page.goto('/policies/new');
    await page.getByLabel('Name', { exact: true }).fill('taken');
    await page.getByRole('button', { name: 'Create policy' }).click();
    await page.getByRole('alert').first().waitFor();
    assert.equal(new URL(page.url()).pathname, '/policies/new');
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'taken');
    await look(page, 'policy-name-taken');
  });
});

test('a policy in use is edited into a new version, archived and restored, never deleted', async () => {
  const used = await policy(on.server, 'In use');
  await deliver(on.server, [{ device_name: 'YubiKey', serial_number: 'POL1' }], used.id);
  await on.onPage(async (page) => {
    await page.goto(`/policies/${used.id}`);
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByText('Saving makes version 2').waitFor();
    await page.getByRole('spinbutton', { name: 'Minimum PIN length' }).fill('10');
    await look(page, 'policy-edit');
    await page.getByRole('button', { name: 'Save as version 2' }).click();
    await page.getByText('Saved as version 2.').waitFor();
    await page.getByRole('link', { name: 'Versions' }).click();
    await page.getByText('Current').waitFor();
    await look(page, 'policy-versions');

    await page.getByRole('button', { name: 'Delete policy' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete policy' });
    await dialog.getByText('is in use and cannot be deleted').waitFor();
    assert.ok(await dialog.getByRole('button', { name: 'Delete policy' }).isDisabled());
    await look(page, 'policy-delete-refused');
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Archive' }).click();
    await told(page, 'Policy archived.');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Archive' }).click();
    await page.getByRole('button', { name: 'Restore' }).waitFor();
    assert.equal((await on.server.api('GET', `/policies/${used.id}`)).archived, true);
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('button', { name: 'Archive' }).waitFor();
  });
});

test('a policy that nobody uses is deleted', async () => {
  const spare = await policy(on.server, 'Spare');
  await on.onPage(async (page) => {
    await page.goto(`/policies/${spare.id}`);
    await page.getByRole('button', { name: 'Delete policy' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete policy' }).click();
    await page.getByText('Spare deleted.').waitFor();
    await page.waitForURL('**/policies');
  });
});

test('somebody else was quicker: a stale edit is refused and nothing is overwritten', async () => {
  const shared = await policy(on.server, 'Shared');
  await on.onPage(async (page) => {
    await page.goto(`/policies/${shared.id}?tab=edit`);
    await page.getByRole('spinbutton', { name: 'Minimum PIN length' }).fill('12');
    const { id, revision, version, in_use, archived, created_at, updated_at, ...draft } = shared;
    await on.server.api('PUT', `/policies/${shared.id}`, { ...draft, min_pin_length: 9 });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else has changed this meanwhile.').waitFor();
    assert.equal((await on.server.api('GET', `/policies/${shared.id}`)).min_pin_length, 9);
  });
});
