// Users from a file and into one: one drop and one click; faults with their lines; hostile cells inert.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseFile, downloaded, look } from '../lib/browser.mjs';
import { drop, stage } from '../lib/stage.mjs';

const on = stage();
const csv = (...rows) => ['user_name,display_name,email,locale', ...rows, ''].join('\r\n');
const count = async () => (await on.server.api('GET', '/users')).total.count;

test('an empty list names the next step', async () => {
  await on.onPage(async (page) => {
    await page.goto('/users');
    await page.getByRole('heading', { name: 'No users yet' }).waitFor();
    await look(page, 'users-empty');
  });
});

test('one drop and one click import users; the same file again changes nothing', async () => {
  const file = csv('anna.kralova,Anna Králová,anna@example.test,cs', 'boris.n,Boris Nejedlý,,', '=cmd,=1+1,,');
  await on.onPage(async (page) => {
    await page.goto('/users');
    await page.getByRole('heading', { name: 'No users yet' }).waitFor();
    await drop(page, 'users.csv', file);
    const dialog = page.getByRole('dialog', { name: 'Import users' });
    await dialog.getByText('3 new').waitFor();
    await look(page, 'users-import-preview');
    assert.equal(await count(), 0, 'a look changes nothing');
    await dialog.getByRole('button', { name: 'Import 3 users' }).click();
    await dialog.getByText('Users imported').waitFor();
    await look(page, 'users-import-done');
    await dialog.getByRole('button', { name: 'Show users' }).click();
    await page.getByText('3 users', { exact: true }).waitFor();

    await drop(page, 'users.csv', file);
    await dialog.getByText('Everybody in this file is known already').waitFor();
    assert.equal(await dialog.getByRole('button', { name: 'Import', exact: true }).isDisabled(), true);
    await page.keyboard.press('Escape');
  });
});

test('a changed row updates; a row with a fault stops the whole file, with its line', async () => {
  await on.onPage(async (page) => {
    await page.goto('/users');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Import users' });
    await look(page, 'users-import-choose');
    await chooseFile(page, () => dialog.getByRole('button', { name: 'Choose File' }).first().click(), 'mixed.csv', csv('boris.n,Boris Novák,,', ',Nobody,,', 'x.y,X,not-an-address,'));
    await dialog.getByText('2 rejected').waitFor();
    for (const line of ['3', '4']) await dialog.getByRole('cell', { name: line, exact: true }).waitFor();
    await look(page, 'users-import-faults');
    assert.equal(await dialog.getByRole('button', { name: 'Import', exact: true }).isDisabled(), true);
    await dialog.getByRole('button', { name: 'Choose another file' }).click();
    await chooseFile(page, () => dialog.getByRole('button', { name: 'Choose File' }).first().click(), 'one.csv', csv('boris.n,Boris Novák,,'));
    await dialog.getByText('1 changed').waitFor();
    await dialog.getByRole('button', { name: 'Import 1 user' }).click();
    await dialog.getByText('Users imported').waitFor();
    const { items } = await on.server.api('GET', '/users?q=boris.n');
    assert.equal(items[0].display_name, 'Boris Novák');
  });
});

test('a file that holds no users is refused in words', async () => {
  await on.onPage(async (page) => {
    await page.goto('/users');
    const before = await count();
    for (const text of ['', 'colour,size\nred,1\n']) {
      await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
      await drop(page, 'other.csv', text);
      const dialog = page.getByRole('dialog', { name: 'Import users' });
      await dialog.getByText('Nothing was changed.').waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    }
    assert.equal(await count(), before);
  });
});

test('the filtered list comes out as a file whose cells run nowhere, and goes back in', async () => {
  await on.onPage(async (page) => {
    await page.goto('/users?q=cmd');
    await page.getByText('1 user', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await look(page, 'users-export');
    const { name, text } = await downloaded(page, () => page.getByRole('link', { name: 'Users as CSV' }).click());
    assert.match(name, /\.csv$/);
    const lines = text.trimEnd().split(/\r?\n/);
    assert.equal(lines.length, 2);
    assert.match(lines[0], /user_name.*display_name.*email.*locale/);
    assert.ok(lines[1].split(',').every((cell) => !/^[=+\-@]/.test(cell)), lines[1]);
    await drop(page, 'back.csv', text);
    await page.getByRole('dialog', { name: 'Import users' }).getByText('Everybody in this file is known already').waitFor();
  });
});
