// Hand a key out and take it back; pause and resume it; every step with its way back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look, told } from '../lib/browser.mjs';
import { handOut, keyBySerial, person, stocked } from '../lib/hands.mjs';
import { policy } from '../lib/server.mjs';
import { choose, rowOf, stage } from '../lib/stage.mjs';

const serial = (index) => `AS${String(index).padStart(6, '0')}`;
const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  for (let index = 0; index < 12; index += 1) await person(server, `user${String(index).padStart(2, '0')}`, { display_name: `Person ${index}` });
  const eva = await person(server, 'eva.schmidt', { display_name: 'Eva Schmidt' });
  const keys = await stocked(server, Array.from({ length: 4 }, (_, index) => serial(index)), standard.id);
  await handOut(server, keys[3], eva);
});

test('a user is found while typing and gets the key; Undo takes it back', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory/stocks?q=${serial(0)}`);
    await choose(page, serial(0), 'Assign to a user');
    const dialog = page.getByRole('dialog', { name: 'Assign Device' });
    const field = dialog.getByRole('combobox');
    await field.fill('eva');
    // The list narrows to what is typed.
    await dialog.getByRole('option').nth(1).waitFor({ state: 'detached' });
    await dialog.getByRole('option', { name: /eva\.schmidt/ }).waitFor();
    await look(page, 'assign');
    await page.keyboard.press('Enter');
    assert.equal(await field.inputValue(), 'eva.schmidt');
    await dialog.getByRole('button', { name: 'Assign device' }).click();
    await told(page, `${serial(0)} assigned to eva.schmidt.`);
    assert.equal((await keyBySerial(on.server, serial(0))).user.user_name, 'eva.schmidt');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone.').waitFor();
    assert.equal((await keyBySerial(on.server, serial(0))).user ?? null, null);
  });
});

test('unassigning asks nothing and offers Undo', async () => {
  await on.onPage(async (page) => {
    const eva = (await on.server.api('GET', '/users?q=eva.schmidt')).items[0];
    await on.server.api('POST', `/security-keys/${(await keyBySerial(on.server, serial(1))).id}/assign`, { user_id: eva.id });
    await page.goto(`/inventory?q=${serial(1)}`);
    await choose(page, serial(1), 'Unassign');
    await told(page, `${serial(1)} taken back from eva.schmidt.`);
    assert.equal((await keyBySerial(on.server, serial(1))).user ?? null, null);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone.').waitFor();
    assert.equal((await keyBySerial(on.server, serial(1))).user.user_name, 'eva.schmidt');
  });
});

test('a key is suspended and resumed at once, with Undo', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${serial(3)}`);
    const row = rowOf(page, serial(3));
    await choose(page, serial(3), 'Suspend');
    await told(page, serial(3));
    await row.getByText('Suspended').waitFor();
    await look(page, 'suspended');
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.getByText('Enrolled').waitFor();
    await choose(page, serial(3), 'Suspend');
    await row.getByText('Suspended').waitFor();
    await choose(page, serial(3), 'Resume');
    await row.getByText('Enrolled').waitFor();
  });
});

test('the pager stays in reach while a message stands', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${serial(3)}`);
    await choose(page, serial(3), 'Suspend');
    await told(page, serial(3));
    const toast = await page.locator('.toast').last().boundingBox();
    const pager = await page.getByRole('navigation', { name: 'Pages' }).boundingBox();
    assert.ok(toast.y + toast.height <= pager.y, 'the message stands above the pager');
    await page.getByRole('button', { name: 'Undo' }).click();
  });
});
