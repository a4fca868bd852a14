// HW tokens: the procedures of the operational console, from the list with its filter form to each order's end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look, told } from '../lib/browser.mjs';
import { person } from '../lib/hands.mjs';
import { choose, rowOf, stage } from '../lib/stage.mjs';
import { hotp, seedOf, token, tokenBySerial } from '../lib/tokens.mjs';

const on = stage(async (server) => {
  const ada = await person(server, 'ada.byron', { display_name: 'Ada Byron' });
  const carl = await person(server, 'carl.gauss', { display_name: 'Carl Gauss' });
  for (const serial of ['UN0001', 'DI0001', 'DI0002', 'CO0001', 'RE0001', 'RE0002']) await token(server, serial, { user: ada });
  await token(server, 'LA0001', { user: carl });
  await token(server, 'ST0001', { type: 'totp' });
  for (const serial of ['BU0001', 'BU0002', 'BU0003']) await token(server, serial);
});
const dialog = (page, name) => page.getByRole('dialog', { name });
const list = (query = '') => `/inventory/tokens${query}`;

test('the tab of the devices leads to the list, and the filter form narrows it', async () => {
  await on.onPage(async (page) => {
    await page.goto('/inventory');
    await page.getByRole('navigation', { name: 'Device Inventory' }).getByRole('link', { name: 'HW tokens' }).click();
    await page.getByText('11 tokens', { exact: true }).waitFor();
    await look(page, 'tokens');
    const form = page.getByRole('form', { name: 'Filter' });
    await form.getByLabel('Serial Number').fill('DI00');
    await form.getByRole('button', { name: 'Submit' }).click();
    await page.getByText('2 tokens', { exact: true }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('q'), 'DI00');
    await form.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('11 tokens', { exact: true }).waitFor();
    await form.getByLabel('Type').selectOption('totp');
    await form.getByRole('button', { name: 'Submit' }).click();
    await rowOf(page, 'ST0001').waitFor();
    await page.getByText('1 token', { exact: true }).waitFor();
    await form.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('11 tokens', { exact: true }).waitFor();
    await form.getByRole('combobox', { name: 'User Name' }).fill('carl');
    await page.getByRole('option', { name: /carl.gauss/ }).click();
    await form.getByRole('button', { name: 'Submit' }).click();
    await rowOf(page, 'LA0001').waitFor();
    await page.getByText('1 token', { exact: true }).waitFor();
    await look(page, 'tokens-filtered');
  });
});

test('unassign from user: confirmed, still active, ready for another', async () => {
  await on.onPage(async (page) => {
    await page.goto(list('?q=UN0001'));
    await rowOf(page, 'UN0001').getByText('ada.byron').waitFor();
    await choose(page, 'UN0001', 'Unassign from user');
    await dialog(page, 'Unassign from user').getByText('ada.byron can no longer use this token.').waitFor();
    await look(page, 'token-unassign');
    await dialog(page, 'Unassign from user').getByRole('button', { name: 'Unassign token' }).click();
    await page.getByText('UN0001 taken from ada.byron.').waitFor();
    await rowOf(page, 'UN0001').getByText('Active').waitFor();
    await choose(page, 'UN0001', 'Assign to a user');
    await dialog(page, 'Assign token').getByRole('combobox').fill('ada');
    await page.getByRole('option', { name: /ada.byron/ }).click();
    await dialog(page, 'Assign token').getByRole('button', { name: 'Assign token' }).click();
    await page.getByText('UN0001 assigned to ada.byron.').waitFor();
  });
});

test('disable temporarily and enable again', async () => {
  await on.onPage(async (page) => {
    await page.goto(list('?q=DI0001'));
    await choose(page, 'DI0001', 'Disable temporarily');
    await look(page, 'token-disable');
    await dialog(page, 'Disable token').getByRole('button', { name: 'Disable token' }).click();
    await rowOf(page, 'DI0001').getByText('Disabled').waitFor();
    await choose(page, 'DI0001', 'Enable');
    await dialog(page, 'Enable token').getByRole('button', { name: 'Enable token' }).click();
    await rowOf(page, 'DI0001').getByText('Active').waitFor();
  });
});

test("a user's last active token is not disabled", async () => {
  await on.onPage(async (page) => {
    await page.goto(list('?q=LA0001'));
    await rowOf(page, 'LA0001').waitFor();
    await page.getByRole('button', { name: 'Actions for LA0001', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Disable temporarily', exact: true }).click();
    await dialog(page, 'Disable token').getByRole('button', { name: 'Disable token' }).click();
    await dialog(page, 'Disable token').getByRole('alert').getByText(/last active token/).waitFor();
    await look(page, 'token-disable-refused');
    await page.keyboard.press('Escape');
    assert.equal((await tokenBySerial(on.server, 'LA0001')).status, 'active');
  });
});

test('compromise wants a reason, warns of the end, and is final', async () => {
  await on.onPage(async (page) => {
    await page.goto(list('?q=CO0001'));
    await choose(page, 'CO0001', 'Compromise');
    const window = dialog(page, 'Compromise token');
    await window.getByText('This is final').waitFor();
    const verb = window.getByRole('button', { name: 'Compromise token' });
    assert.ok(await verb.isDisabled(), 'a reason is wanted');
    await window.getByLabel('Reason').fill('Stolen from the car');
    await look(page, 'token-compromise');
    await verb.click();
    await rowOf(page, 'CO0001').getByText('Compromised').waitFor();
    await page.getByRole('link', { name: 'CO0001' }).click();
    await page.getByRole('heading', { name: 'CO0001', level: 1 }).waitFor();
    await look(page, 'token');
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('Stolen from the car').waitFor();
    await look(page, 'token-history');
    assert.deepEqual((await tokenBySerial(on.server, 'CO0001')).allowed_actions, []);
  });
});

test('the last token of somebody is compromised with a warning that leads to emergency codes', async () => {
  await on.onPage(async (page) => {
    await page.goto(list('?q=LA0001'));
    await choose(page, 'LA0001', 'Compromise');
    const window = dialog(page, 'Compromise token');
    await window.getByText('It is the last active token of carl.gauss.').waitFor();
    await look(page, 'token-compromise-last');
    await window.getByRole('link', { name: 'Emergency codes' }).click();
    await page.getByRole('heading', { name: 'Emergency codes' }).waitFor();
  });
});

test('reset token: two codes in order', async () => {
  await on.onPage(async (page) => {
    const seed = seedOf('RE0001');
    await page.goto(list('?q=RE0001'));
    await choose(page, 'RE0001', 'Reset token');
    const window = dialog(page, 'Reset token');
    await window.getByLabel('First OTP').fill(hotp(seed, 500));
    await window.getByLabel('Second OTP').fill(hotp(seed, 501));
    await look(page, 'token-reset');
    await window.getByRole('button', { name: 'Reset', exact: true }).click();
    await window.getByText('The token was successfully reset.').waitFor();
    await look(page, 'token-reset-done');
    await window.getByRole('button', { name: 'Close' }).last().click();
    // The next code is the one behind them.
    await choose(page, 'RE0001', 'Test a code');
    await dialog(page, 'Test a code').getByLabel('Code').fill(hotp(seed, 502));
    await dialog(page, 'Test a code').getByRole('button', { name: 'Test code' }).click();
    await dialog(page, 'Test a code').getByText('Accepted: the code is right.').waitFor();
    await dialog(page, 'Test a code').getByLabel('Code').fill(hotp(seed, 502));
    await dialog(page, 'Test a code').getByRole('button', { name: 'Test code' }).click();
    await dialog(page, 'Test a code').getByText('Rejected: the code is wrong or was used already.').waitFor();
    await look(page, 'token-test');
  });
});

test('codes in the wrong order reset nothing', async () => {
  await on.onPage(async (page) => {
    const seed = seedOf('RE0002');
    await page.goto(list('?q=RE0002'));
    await choose(page, 'RE0002', 'Reset token');
    const window = dialog(page, 'Reset token');
    await window.getByLabel('First OTP').fill(hotp(seed, 301));
    await window.getByLabel('Second OTP').fill(hotp(seed, 300));
    await window.getByRole('button', { name: 'Reset', exact: true }).click();
    await window.getByText('These codes do not fit.').waitFor();
    await look(page, 'token-reset-refused');
    await window.getByLabel('First OTP').fill(hotp(seed, 300));
    await window.getByLabel('Second OTP').fill(hotp(seed, 301));
    await window.getByRole('button', { name: 'Reset', exact: true }).click();
    await window.getByText('The token was successfully reset.').waitFor();
  });
});

test('many are disabled as a job, and its results lead to the tokens', async () => {
  await on.onPage(async (page) => {
    await page.goto(list('?q=BU000'));
    await page.getByText('3 tokens', { exact: true }).waitFor();
    await page.getByLabel('Select this page').check();
    await look(page, 'tokens-selected');
    await page.getByRole('toolbar').getByRole('button', { name: 'Disable temporarily' }).click();
    await dialog(page, 'Disable token').getByText('3 tokens will not be believed').waitFor();
    await dialog(page, 'Disable token').getByRole('button', { name: 'Disable token' }).click();
    await told(page, '3 done, 0 refused.');
    await page.getByRole('button', { name: 'Show results' }).click();
    await page.getByRole('heading', { name: 'Disable tokens' }).waitFor();
    await page.getByRole('link', { name: 'BU0002' }).click();
    await page.getByRole('heading', { name: 'BU0002', level: 1 }).waitFor();
    assert.equal((await tokenBySerial(on.server, 'BU0002')).status, 'disabled');
  });
});
