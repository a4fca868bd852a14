// Who signed in a while ago proves anew who he is before an initial PIN is shown; the window behind stays as it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from '../lib/browser.mjs';
import { handOut, person, stocked } from '../lib/hands.mjs';
import { provedMinutesAgo } from '../lib/past.mjs';
import { colleague, policy } from '../lib/server.mjs';
import { choose, stage } from '../lib/stage.mjs';

const KEY = 'SU000001';
let secrets;
let key;
const on = stage(async (server) => {
  const standard = await policy(server, 'Standard EU');
  const eva = await person(server, 'eva.schmidt');
  [key] = await stocked(server, [KEY], standard.id);
  secrets = await handOut(server, key, eva);
});
const shownTimes = async () => {
  const { items } = await on.server.api('GET', `/security-keys/${key.id}/events`);
  return items.filter((event) => event.action === 'security_key.initial_pin_shown').length;
};

test('the PIN is shown only after a fresh proof, and not when it is refused or called off', async () => {
  const cookie = await colleague(on.server, 'owner');
  provedMinutesAgo(on.server, 10);
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${KEY}`);
    await choose(page, KEY, 'Initial PIN');
    const pin = page.getByRole('dialog', { name: 'Device PIN' });
    const proof = page.getByRole('dialog', { name: 'Confirm who you are' });
    await pin.getByText('You confirm who you are first.').waitFor();
    await pin.getByRole('button', { name: 'Show Password' }).click();
    await proof.getByText('This action asks for a fresh proof.').waitFor();
    await look(page, 'step-up');

    await page.keyboard.press('Escape');
    await proof.waitFor({ state: 'detached' });
    await pin.getByRole('button', { name: 'Show Password' }).waitFor();
    assert.ok(!(await page.content()).includes(secrets.user_pin));
    assert.equal(await shownTimes(), 0, 'nothing was shown, nothing is recorded as shown');

    await pin.getByRole('button', { name: 'Show Password' }).click();
    await proof.getByLabel('Password').fill('not my password at all');
    await proof.getByRole('button', { name: 'Confirm', exact: true }).click();
    await proof.getByRole('alert').waitFor();
    await proof.getByLabel('Password').fill('another long passphrase');
    await proof.getByRole('button', { name: 'Confirm', exact: true }).click();
    await proof.waitFor({ state: 'detached' });
    await pin.getByText(secrets.user_pin).waitFor();
    await look(page, 'step-up-shown');
    assert.equal(await shownTimes(), 1);
  }, { as: cookie });
});
