// The initial PIN: who sees which (four sets of rights, two types of device), how long, and what is recorded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copied, look } from '../lib/browser.mjs';
import { handOut, observe, person, stocked } from '../lib/hands.mjs';
import { colleague, policy } from '../lib/server.mjs';
import { choose, rowOf, stage } from '../lib/stage.mjs';

const STANDARD = 'IP000001';
const ENTERPRISE = 'IP000002';
const CHANGED = 'IP000003';
const secrets = {};
const cookies = {};
const on = stage(async (server) => {
  const plain = await policy(server, 'Standard EU', { pin_kind: 'characters' });
  const strict = await policy(server, 'Enterprise', { type: 'enterprise' });
  const eva = await person(server, 'eva.schmidt');
  const [standard, changed] = await stocked(server, [STANDARD, CHANGED], plain.id);
  const [enterprise] = await stocked(server, [ENTERPRISE], strict.id);
  secrets[STANDARD] = await handOut(server, standard, eva);
  secrets[ENTERPRISE] = await handOut(server, enterprise, eva, { admin_pin: true });
  await handOut(server, changed, eva);
  await observe(server, changed, { kind: 'pin_changed' });
  const reads = ['inventory.read', 'policy.read', 'user.read'];
  await server.api('POST', '/roles', { name: 'user_pins', privileges: [...reads, 'device.userpin.read'] });
  await server.api('POST', '/roles', { name: 'admin_pins', privileges: [...reads, 'device.adminpin.read'] });
  for (const role of ['user_pins', 'admin_pins', 'administrator']) cookies[role] = await colleague(server, role);
});

/** Opens the window and shows every PIN in it; `null`: the menu has no such entry. */
async function pinsOf(page, serial) {
  await page.getByRole('button', { name: `Actions for ${serial}`, exact: true }).click();
  await page.getByRole('menuitem', { name: 'Copy serial number' }).waitFor();
  if (await page.getByRole('menuitem', { name: 'Initial PIN', exact: true }).count() === 0) {
    await page.keyboard.press('Escape');
    return null;
  }
  await page.getByRole('menuitem', { name: 'Initial PIN', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Device PIN' });
  const rows = dialog.locator('section.pin');
  await rows.first().waitFor();
  const shown = {};
  for (let index = 0; index < (await rows.count()); index += 1) {
    await rows.nth(index).getByRole('button', { name: 'Show Password' }).click();
    await rows.nth(index).getByRole('button', { name: 'Copy' }).waitFor();
    shown[await rows.nth(index).locator('h3').innerText()] = await rows.nth(index).locator('output').innerText();
  }
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  return shown;
}

for (const [role, standard, enterprise] of [
  [null, ['User PIN'], ['User PIN', 'Admin PIN']],
  ['admin_pins', null, ['Admin PIN']],
  ['user_pins', ['User PIN'], ['User PIN']],
  ['administrator', null, null],
]) {
  test(`somebody who holds ${role ?? 'both rights'} sees what the matrix says`, async () => {
    await on.onPage(async (page) => {
      for (const [serial, wanted] of [[STANDARD, standard], [ENTERPRISE, enterprise]]) {
        await page.goto(`/inventory?q=${serial}`);
        await rowOf(page, serial).waitFor();
        const shown = await pinsOf(page, serial);
        assert.deepEqual(shown && Object.keys(shown), wanted, `${role} at ${serial}`);
        if (shown?.['User PIN']) assert.equal(shown['User PIN'], secrets[serial].user_pin);
        if (shown?.['Admin PIN']) assert.equal(shown['Admin PIN'], secrets[serial].admin_pin);
      }
    }, role ? { as: cookies[role] } : {});
  });
}

test('the PIN is masked until it is shown, masked when the tab is left, and each showing is recorded', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${ENTERPRISE}`);
    await choose(page, ENTERPRISE, 'Initial PIN');
    const dialog = page.getByRole('dialog', { name: 'Device PIN' });
    await dialog.getByText('only in secure surroundings').waitFor();
    const user = dialog.getByRole('region', { name: 'User PIN' });
    assert.ok(!(await dialog.innerText()).includes(secrets[ENTERPRISE].user_pin));
    await look(page, 'initial-pin');
    await user.getByRole('button', { name: 'Show Password' }).click();
    await user.getByText(secrets[ENTERPRISE].user_pin).waitFor();
    await user.getByRole('button', { name: 'Copy' }).click();
    await copied(page, secrets[ENTERPRISE].user_pin);
    assert.ok(await user.getByRole('button', { name: 'Copied' }).isDisabled(), 'copied once');
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { get: () => true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await user.getByRole('button', { name: 'Show Password' }).waitFor();
    assert.ok(!(await page.content()).includes(secrets[ENTERPRISE].user_pin), 'nothing of it stays in the page');
    await page.evaluate(() => Object.defineProperty(document, 'hidden', { get: () => false, configurable: true }));
    await user.getByRole('button', { name: 'Show Password' }).click();
    await user.getByText(secrets[ENTERPRISE].user_pin).waitFor();
    await look(page, 'initial-pin-shown');
    await page.keyboard.press('Escape');
    await page.goto(page.url().replace(/\?.*$/, '') + `?q=${ENTERPRISE}`);
    await page.getByRole('link', { name: 'SafeNet' }).first().click();
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('Initial PIN shown').first().waitFor();
    assert.ok(!(await page.content()).includes(secrets[ENTERPRISE].user_pin));
  });
});

test('after half a minute it is masked by itself', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${STANDARD}`);
    await choose(page, STANDARD, 'Initial PIN');
    const user = page.getByRole('dialog').getByRole('region', { name: 'User PIN' });
    // The page's clock stands still while the test works.
    const start = Date.now();
    await page.clock.setFixedTime(start);
    await user.getByRole('button', { name: 'Show Password' }).click();
    await user.getByText(secrets[STANDARD].user_pin).waitFor();
    await page.clock.setFixedTime(start + 29_000);
    await user.getByText(/\b1 s/).waitFor();
    assert.ok((await user.innerText()).includes(secrets[STANDARD].user_pin));
    await page.clock.setFixedTime(start + 30_000);
    await user.getByRole('button', { name: 'Show Password' }).waitFor();
    assert.ok(!(await user.innerText()).includes(secrets[STANDARD].user_pin));
  });
});

test('a PIN that the user has changed says since when it is superseded', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${CHANGED}`);
    await choose(page, CHANGED, 'Initial PIN');
    const dialog = page.getByRole('dialog', { name: 'Device PIN' });
    await dialog.getByText(/Superseded on/).waitFor();
    assert.equal(await dialog.getByRole('button', { name: 'Show Password' }).count(), 0);
    await look(page, 'initial-pin-superseded');
  });
});

test('an admin PIN waits for a second person where the tenant asks for one', async () => {
  await on.server.api('PATCH', '/settings', { pins: { admin_pin_needs_approval: true } });
  await on.onPage(async (page) => {
    await page.goto(`/inventory?q=${ENTERPRISE}`);
    await choose(page, ENTERPRISE, 'Initial PIN');
    const admin = page.getByRole('dialog', { name: 'Device PIN' }).getByRole('region', { name: 'Admin PIN' });
    await admin.getByLabel('Reason').fill('Key on my desk, PIN forgotten');
    await admin.getByRole('button', { name: 'Ask a second person' }).click();
    await admin.getByText('Waiting for a second person').waitFor();
    await look(page, 'initial-pin-second-person');
    await on.onPage(async (other) => {
      await other.goto('/');
      await other.getByText('Key on my desk, PIN forgotten').waitFor();
      await look(other, 'overview-approval');
      await other.getByRole('button', { name: 'Approve' }).click();
      await other.getByText('may go on.').waitFor();
    }, { as: cookies.second ??= await colleague(on.server, 'owner') });
    await admin.getByRole('button', { name: 'Show Password' }).click();
    await admin.getByText(secrets[ENTERPRISE].admin_pin).waitFor();
  });
});

test('nobody switches the second person off alone', async () => {
  await on.server.api('PATCH', '/settings', { pins: { admin_pin_needs_approval: true } });
  await on.onPage(async (page) => {
    await page.goto('/settings/tenant');
    await page.getByLabel('A second person approves admin PINs').uncheck();
    const save = page.getByRole('button', { name: 'Save' });
    assert.ok(await save.isDisabled());
    await page.getByLabel('Reason').fill('Two of us left');
    await page.getByRole('button', { name: 'Ask a second person' }).click();
    await page.getByText('Waiting for a second person').waitFor();
    await look(page, 'settings-second-person');
    await on.onPage(async (other) => {
      await other.goto('/');
      await other.getByText('Two of us left').waitFor();
      await other.getByRole('button', { name: 'Approve' }).click();
      await other.getByText('may go on.').waitFor();
    }, { as: cookies.second ??= await colleague(on.server, 'owner') });
    await page.getByText('A second person has agreed').waitFor();
    await save.click();
    await page.getByText('Saved.').waitFor();
    assert.equal((await on.server.api('GET', '/settings')).pins.admin_pin_needs_approval, false);
  });
});
