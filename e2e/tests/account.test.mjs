// What people set for themselves: language, theme, password, passkeys, sessions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look, openPage, signIn, virtualPasskey } from '../lib/browser.mjs';
import { OWNER } from '../lib/server.mjs';
import { stage } from '../lib/stage.mjs';

const on = stage();

test('the language changes at once and stays', async () => {
  await on.onPage(async (page) => {
    await page.goto('/account');
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('heading', { name: 'Konto', level: 1 }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
    await page.reload();
    await page.getByRole('heading', { name: 'Konto', level: 1 }).waitFor();
    await on.server.api('PATCH', '/account', { locale: 'en' });
  });
});

test('the theme changes at once and stays', async () => {
  await on.onPage(async (page) => {
    await page.goto('/account');
    await page.getByLabel('Theme').selectOption('dark');
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await page.reload();
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await page.getByRole('button', { name: 'Light or dark' }).click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  });
});

test('a passkey is added, named, and removed', async () => {
  await on.onPage(async (page) => {
    await virtualPasskey(page);
    await page.goto('/account');
    await page.getByText('No passkeys yet.').waitFor();
    await page.getByLabel('Name of the new passkey').fill('Laptop');
    await page.getByRole('button', { name: 'Add passkey' }).click();
    await page.getByText('Passkey added.').waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'Laptop' });
    await look(page, 'account-passkey');
    await row.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove passkey' }).click();
    await row.waitFor({ state: 'detached' });
    assert.deepEqual((await on.server.api('GET', '/account/passkeys')).items, []);
  });
});

test('other sessions are listed and ended; a new password ends them, too', async () => {
  const other = await openPage(on.browser, on.server);
  await signIn(other.page);
  await on.onPage(async (page) => {
    await page.goto('/account');
    await page.getByText('This session').waitFor();
    await look(page, 'account');
    await page.getByRole('button', { name: 'End', exact: true }).first().click();
    await page.getByText('Session ended.').waitFor();
    await other.page.goto('/account');
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await signIn(other.page);

    await page.getByLabel('Current password').fill('not the password');
    await page.getByLabel('New password').fill('an even longer passphrase');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('alert').first().waitFor();
    await look(page, 'account-wrong-password');
    await page.getByLabel('Current password').fill(OWNER.password);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Password changed. Other sessions have ended.').waitFor();
    await other.page.goto('/account');
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await signIn(other.page, { password: 'an even longer passphrase' });
  });
  await other.close();
});
