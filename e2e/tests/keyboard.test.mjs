// Everything by keyboard: the search, the rows, the places; focus goes in, is held, and comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from '../lib/browser.mjs';
import { deliver, policy } from '../lib/server.mjs';
import { choose, rowOf, stage } from '../lib/stage.mjs';

const serial = (index) => `KB${String(index).padStart(4, '0')}`;
const on = stage(async (server) => {
  await policy(server, 'Standard EU');
  await deliver(server, Array.from({ length: 30 }, (_, index) => ({ device_name: 'Token2 T2F2-NFC', serial_number: serial(index) })));
});
const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim());

test('rows are walked, selected, opened up, and their menu called by keys', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await rowOf(page, serial(29)).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('x');
    assert.ok(await page.getByLabel(`Select ${serial(28)}`).isChecked());
    await page.keyboard.press('e');
    await page.getByText('AAGUID').first().waitFor();
    assert.ok(new URL(page.url()).searchParams.get('open'), 'the open row is in the address');
    await look(page, 'stocks-by-keyboard');
    await page.keyboard.press('.');
    await page.getByRole('menuitem', { name: 'Link to a Policy' }).waitFor();
    await look(page, 'row-menu');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    assert.equal(await focused(page), `Actions for ${serial(28)}`, 'focus comes back to the row');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Token2 T2F2-NFC' }).waitFor();
    assert.match(page.url(), /\/inventory\/keys\//);
  });
});

test('places are reached with g and a letter; ? lists all keys and Escape closes the list', async () => {
  await on.onPage(async (page) => {
    await page.goto('/');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    for (const [letter, path] of [['s', '/inventory/stocks'], ['p', '/policies'], ['a', '/audit'], ['i', '/inventory'], ['h', '/']]) {
      await page.keyboard.press('g');
      await page.keyboard.press(letter);
      await page.waitForURL((url) => url.pathname === path);
    }
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard' });
    await dialog.getByText('Row menu').waitFor();
    await look(page, 'keyboard-help');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});

test('/ goes to the search, which finds a key by its serial and opens it with Enter', async () => {
  await on.onPage(async (page) => {
    await page.goto('/policies');
    await page.getByRole('heading', { name: 'Policies', level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('kb0007');
    await page.getByRole('option', { name: /^KB0007 / }).waitFor();
    await look(page, 'search');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Token2 T2F2-NFC' }).waitFor();
    await page.keyboard.press('/');
    // Faster than the search answers: the hit of what was typed at last counts.
    await page.keyboard.type('kb0003');
    await page.keyboard.press('Enter');
    const { items } = await on.server.api('GET', '/security-keys?q=KB0003');
    await page.waitForURL((url) => url.pathname === `/inventory/keys/${items[0].id}`);
    await page.keyboard.press('/');
    // As fast as the search was left a moment ago, whose list must not close this one.
    await page.keyboard.type('nothing like this');
    await page.getByText('No result').waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('combobox').inputValue(), '');
  });
});

test('a press on a hit of the search opens it, and leaving the field closes the list', async () => {
  await on.onPage(async (page) => {
    await page.goto('/policies');
    await page.getByRole('heading', { name: 'Policies', level: 1 }).waitFor();
    const search = page.getByRole('combobox', { name: 'Search everything' });
    await search.fill('kb0009');
    const hit = page.getByRole('option', { name: /^KB0009 / });
    await hit.waitFor();
    await page.keyboard.press('Tab');
    await hit.waitFor({ state: 'hidden' });
    await search.focus();
    await hit.click();
    await page.getByRole('heading', { level: 1, name: 'Token2 T2F2-NFC' }).waitFor();
    assert.equal(await search.inputValue(), '');
  });
});

test('a dialog holds the focus, Escape cancels it, and the focus comes back', async () => {
  await on.onPage(async (page) => {
    await page.goto(`/inventory/stocks?q=${serial(5)}`);
    await choose(page, serial(5), 'Quarantine');
    const dialog = page.getByRole('dialog', { name: 'Quarantine device' });
    await dialog.waitFor();
    await look(page, 'quarantine');
    for (let turn = 0; turn < 8; turn += 1) {
      await page.keyboard.press('Tab');
      assert.ok(await dialog.evaluate((element) => element.contains(document.activeElement)), 'the focus is held');
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await focused(page), `Actions for ${serial(5)}`);
    assert.equal((await on.server.api('GET', `/security-keys?q=${serial(5)}`)).items[0].status, 'in_stock');
  });
});

test('letters typed into a field are text, not commands', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory/stocks');
    await rowOf(page, serial(29)).waitFor();
    await page.getByPlaceholder('Serial number or policy').click();
    await page.keyboard.type('gixj?');
    await page.getByText('Nothing matches “gixj?”').waitFor();
    assert.equal(new URL(page.url()).pathname, '/inventory/stocks');
  });
});
