// Password sign-in, a wrong password, and an expired session that loses nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look, openPage, signIn } from '../lib/browser.mjs';
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

test('an identity provider has its button, which comes back to the page that was wanted', async () => {
  const { page, close } = await openPage(on.browser, on.server);
  // Which providers there are is the server's word; the way there and back is tested with a real provider.
  await page.route('**/api/v1/sign-in-methods', (route) => route.fulfill({ json: { password: true, passkey: true, oidc: [{ key: 'k3y', label: 'Sign in with Acme' }] } }));
  await page.goto('/inventory/stocks?q=0042');
  const button = page.getByRole('link', { name: 'Sign in with Acme' });
  await button.waitFor();
  await look(page, 'sign-in-provider');
  assert.equal(new URL(await button.getAttribute('href'), on.server.origin).searchParams.get('return_to'), '/inventory/stocks?q=0042');
  await page.getByText('Password and passkey stay for emergencies').waitFor();
  await close();
});

test('a sign-in that was turned down says why, and what to do', async () => {
  const { page, close } = await openPage(on.browser, on.server);
  for (const [problem, words] of [
    ['oidc_no_access', 'none of your groups has a role here'],
    ['oidc_expired', 'took too long'],
    ['oidc_unknown', 'not invited here yet'],
    ['oidc_address_taken', 'Another administrator has this e-mail address'],
    ['oidc_barred', 'You are disabled in this tenant'],
    ['<script>alert(1)</script>', 'could not be trusted'],
  ]) {
    await page.goto(`/sign-in?problem=${encodeURIComponent(problem)}`);
    await page.getByRole('alert').getByText(words).waitFor();
  }
  await look(page, 'sign-in-refused');
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/', 'the sign-in page is left behind');
  await close();
});
