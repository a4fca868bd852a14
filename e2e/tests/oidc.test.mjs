// Sign-in at an identity provider that others wrote: a first sign-in, a changed group, no group, and break-glass.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { look, openPage, signIn } from '../lib/browser.mjs';
import { CLIENT, providerOf, signInAtProvider } from '../lib/provider.mjs';
import { stage } from '../lib/stage.mjs';

const people = {
  lena: { name: 'Lena Öztürk', email: 'lena@id.example.test', groups: ['desk', 'canteen'] },
  otto: { name: 'Otto', email: 'otto@id.example.test', groups: ['canteen'] },
};
let provider;
const on = stage(async () => {
  provider = await providerOf(people);
});
after(() => provider?.close());

const session = (page) => page.evaluate(async () => (await fetch('/api/v1/session')).json());

/** Goes to the provider from a page of the console, in a browser that nobody has used. */
async function through(name, path, work) {
  const opened = await openPage(on.browser, on.server);
  await opened.page.goto(path);
  await opened.page.getByRole('link', { name: 'Sign in with Acme' }).click();
  await signInAtProvider(opened.page, name);
  await work(opened.page);
  await opened.close();
}

test('a provider is set up in the settings, and found by its description', async () => {
  await on.onPage(async (page) => {
    await page.goto('/settings/sign-in');
    await page.getByLabel('Issuer').fill(provider.issuer);
    await page.getByLabel('Client ID').fill(CLIENT.client_id);
    await page.getByLabel('Client secret').fill(CLIENT.client_secret);
    await page.getByLabel('Scopes').fill('email profile groups');
    await page.getByLabel('Words on the sign-in button').fill('Sign in with Acme');
    for (const [place, group, role] of [[1, 'desk', 'help_desk'], [2, 'audit', 'auditor']]) {
      await page.getByRole('button', { name: 'Add group' }).click();
      await page.getByLabel(`Group ${place}`, { exact: true }).fill(group);
      await page.getByLabel(`Role of group ${place}`).selectOption(role);
    }
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Redirect address').first().waitFor();
    const saved = await on.server.api('GET', '/settings/sign-in/oidc');
    assert.deepEqual([saved.group_roles, saved.default_role, saved.client_secret_set], [{ desk: 'help_desk', audit: 'auditor' }, null, true]);
    await page.getByText(saved.redirect_uri).waitFor();
    provider.open(saved.redirect_uri);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('The provider answers and offers what is needed.').waitFor();
    await look(page, 'settings-sign-in-set-up');
  });
});

test('a first sign-in makes an administrator with the role of his group, on the page that was wanted', async () => {
  await through('lena', '/inventory/stocks?q=0042', async (page) => {
    await page.waitForURL((url) => url.origin === on.server.origin && url.pathname === '/inventory/stocks' && url.searchParams.get('q') === '0042');
    const { administrator, role, method } = await session(page);
    assert.deepEqual([administrator.display_name, administrator.email, role, method], ['Lena Öztürk', 'lena@id.example.test', 'help_desk', 'oidc']);
  });
  const { items } = await on.server.api('GET', '/administrators');
  assert.deepEqual(items.filter((one) => one.linked).map((one) => one.email), ['lena@id.example.test']);
});

test('a group that changed changes the role with the next sign-in', async () => {
  people.lena.groups = ['audit'];
  await through('lena', '/', async (page) => {
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    assert.equal((await session(page)).role, 'auditor');
  });
});

test('who has no group with a role is turned away in words, and is nobody here', async () => {
  await through('otto', '/', async (page) => {
    await page.getByRole('alert').getByText('none of your groups has a role here').waitFor();
    await look(page, 'sign-in-no-access');
    assert.equal((await page.context().request.get('/api/v1/session')).status(), 401);
  });
  const { items } = await on.server.api('GET', '/administrators');
  assert.ok(!items.some((one) => one.email === 'otto@id.example.test'));
});

test('a password of the Owner works all the same, and is told loudly', async () => {
  const { page, close } = await openPage(on.browser, on.server);
  await signIn(page);
  await close();
  const { items } = await on.server.api('GET', '/audit-events?action=session.break_glass');
  assert.equal(items.length, 1);
});
