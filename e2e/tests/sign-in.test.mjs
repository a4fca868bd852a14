// Password sign-in, a wrong password, and an expired session that loses nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, signIn } from '../lib/browser.mjs';
import { OWNER } from '../lib/server.mjs';
import { stage } from '../lib/stage.mjs';

const on = stage();

test('a wrong password is refused in words, and the right one then signs in', async () => {
  const { page, close } = await openPage(on.browser, on.server);
  await page.goto('/');
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').getByText('The e-mail address or the password is wrong').waitFor();
  await signIn(page);
  await close();
});

test('an expired session asks again in a dialog and keeps what was typed', async () => {
  await on.onPage(async (page, { context }) => {
    await page.goto('/policies/new');
    await page.getByLabel('Name', { exact: true }).fill('Half typed');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Create policy' }).click();
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.getByLabel('Password').fill(OWNER.password);
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Half typed' }).waitFor();
    const { items } = await on.server.api('GET', '/policies?q=Half');
    assert.equal(items.length, 1);
  });
});
