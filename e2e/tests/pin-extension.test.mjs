// An initial PIN that the policy hides after its days: shown for longer, with a reason, by whoever may configure.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from '../lib/browser.mjs';
import { handOut, person, stocked } from '../lib/hands.mjs';
import { handedOutDaysAgo } from '../lib/past.mjs';
import { colleague, policy } from '../lib/server.mjs';
import { choose, stage } from '../lib/stage.mjs';

const OLD = 'PX000001';
let secrets;
let key;
let looker;
const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU', { initial_pin_days: 1 });
  const eva = await person(server, 'eva.schmidt');
  [key] = await stocked(server, [OLD], standard.id);
  secrets = await handOut(server, key, eva);
  await server.api('POST', '/roles', { name: 'lookers', privileges: ['inventory.read', 'user.read', 'device.userpin.read'] });
  looker = await colleague(server, 'lookers');
  handedOutDaysAgo(server, OLD, 2);
});
const windowOf = (page) => page.getByRole('dialog', { name: 'Device PIN' });

test('whoever may only look is told since when it is hidden, and who can help', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${OLD}`);
    await choose(page, OLD, 'Initial PIN');
    await windowOf(page).getByText(/^Hidden since .*, as the policy asks\.$/).waitFor();
    await windowOf(page).getByText('Whoever may configure keys can extend it.').waitFor();
    assert.equal(await windowOf(page).getByRole('button', { name: 'Show Password' }).count(), 0);
    assert.equal(await windowOf(page).getByRole('button', { name: 'Extend' }).count(), 0);
  }, { as: looker });
});

test('it is extended with a reason, shown again, and the history says why', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${OLD}`);
    await choose(page, OLD, 'Initial PIN');
    await windowOf(page).getByRole('heading', { name: 'Show for longer' }).waitFor();
    const extend = windowOf(page).getByRole('button', { name: 'Extend' });
    assert.ok(await extend.isDisabled(), 'a reason is wanted');
    await windowOf(page).getByLabel('Reason').fill('Back from leave on Monday');
    await windowOf(page).getByLabel('Days').fill('5');
    await look(page, 'initial-pin-hidden');
    await extend.click();
    await page.getByText('The initial PIN can be shown for 5 more days.').waitFor();
    await windowOf(page).getByRole('button', { name: 'Show Password' }).click();
    await windowOf(page).getByText(secrets.user_pin).waitFor();
    await page.goto(`/inventory/keys/${key.id}?tab=history`);
    await page.getByText('Back from leave on Monday').waitFor();
    assert.ok(!(await page.content()).includes(secrets.user_pin));
  });
});
