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
const on = stage(async (server) => {
  provider = await providerOf(people);
  const { redirect_uri } = await server.api('PUT', '/settings/sign-in/oidc', {
    ...CLIENT,
    issuer: provider.issuer,
    scopes: ['email', 'profile', 'groups'],
    groups_claim: 'groups',
    group_roles: { desk: 'help_desk', audit: 'auditor' },
    default_role: null,
    create_administrators: true,
    button_label: 'Sign in with Acme',
    listed: true,
  });
  provider.open(redirect_uri);
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

test('the provider is found by its description', async () => {
  const found = await on.server.api('POST', '/settings/sign-in/oidc/test', {});
  assert.deepEqual([found.ok, found.problem], [true, null]);
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
