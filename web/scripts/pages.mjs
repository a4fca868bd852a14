// The pages and windows that get a picture; `act` brings a page into the state that is worth seeing.
const csv = (rows, broken = false) => ({ name: 'delivery.csv', mimeType: 'text/csv', buffer: Buffer.from(['deviceName,serialNumber,version,colour', ...Array.from({ length: rows }, (_, n) => `eToken Fusion NFC,00${77_000_000 + n},FIDO_2_1,black`), ...(broken ? ['eToken,,FIDO_2_1,red', 'eToken,0077000000,FIDO_2_1,red'] : [])].join('\r\n')) });
const row = (page) => page.locator('tbody tr').first();
const menu = async (page, index) => { await row(page).locator('.more button').click(); await page.locator('[role=menuitem]').nth(index).click(); };
const openImport = async (page) => { await page.locator('.titlebar .btn.primary').click(); await page.waitForSelector('dialog'); };
const KEY = '01900002-0000-7000-8000-000000000001';
const POLICY = '01900001-0000-7000-8000-000000000001';
const BATCH = '01900005-0000-7000-8000-000000000002';

export const PAGES = [
  { name: 'setup', path: '/setup#token=abc', cookie: 'fresh' },
  { name: 'sign-in', path: '/', cookie: '' },
  { name: 'overview', path: '/' },
  { name: 'stocks', path: '/inventory/stocks' },
  { name: 'stocks-filter', path: '/inventory/stocks?status=ready,quarantined', act: async (page) => { await page.locator('.chip .what').click(); } },
  { name: 'stocks-selected', path: '/inventory/stocks', act: async (page) => { await page.locator('thead input').click(); await row(page).locator('.fold button').click(); } },
  { name: 'stocks-menu', path: '/inventory/stocks', act: async (page) => { await row(page).locator('.more button').click(); } },
  { name: 'stocks-none', path: '/inventory/stocks?q=zzzz' },
  { name: 'stocks-view-only', path: '/inventory/stocks', cookie: 'view' },
  { name: 'link-policy', path: '/inventory/stocks?status=in_stock', act: async (page) => { await menu(page, 0); await page.locator('dialog label.option').nth(1).click(); } },
  { name: 'unlink', path: '/inventory/stocks?status=ready', act: async (page) => { await menu(page, 1); } },
  { name: 'delete', path: '/inventory/stocks?status=in_stock', act: async (page) => { await menu(page, 2); } },
  { name: 'delete-many', path: '/inventory/stocks?status=in_stock', act: async (page) => { await page.locator('thead input').click(); await page.locator('.bulk .buttons button').last().click(); await page.waitForSelector('dialog'); } },
  { name: 'quarantine', path: '/inventory/stocks?status=in_stock', act: async (page) => { await menu(page, 1); } },
  { name: 'import-choose', path: '/inventory/stocks', act: openImport },
  { name: 'import-preview', path: '/inventory/stocks', act: async (page) => { await openImport(page); await page.locator('input[type=file]').setInputFiles(csv(1000)); await page.waitForSelector('.rows'); await page.locator('dialog label.option').nth(1).click(); await page.waitForTimeout(500); } },
  { name: 'import-faults', path: '/inventory/stocks', act: async (page) => { await openImport(page); await page.locator('input[type=file]').setInputFiles(csv(40, true)); await page.waitForSelector('.errors'); } },
  { name: 'import-done', path: '/inventory/stocks', act: async (page) => { await openImport(page); await page.locator('input[type=file]').setInputFiles({ ...csv(0), buffer: Buffer.from(`deviceName,serialNumber,version\r\neToken Fusion NFC,${Date.now()},FIDO_2_1\r\n`) }); await page.waitForSelector('.rows'); await page.locator('dialog .dialog-foot .primary').click(); await page.waitForSelector('.good h3', { timeout: 9000 }); } },
  { name: 'inventory', path: '/inventory', act: async (page) => { await row(page).locator('.fold button').click(); } },
  { name: 'imports', path: '/inventory/imports' },
  { name: 'import', path: `/inventory/imports/${BATCH}` },
  { name: 'key', path: `/inventory/keys/${KEY}` },
  { name: 'key-history', path: `/inventory/keys/${KEY}?tab=history` },
  { name: 'policies', path: '/policies' },
  { name: 'policy', path: `/policies/${POLICY}` },
  { name: 'policy-versions', path: `/policies/${POLICY}?tab=versions` },
  { name: 'policy-edit', path: `/policies/${POLICY}?tab=edit` },
  { name: 'policy-new', path: '/policies/new', act: async (page) => { await page.locator('#type').selectOption('enterprise'); await page.locator('form .primary').click(); } },
  { name: 'audit', path: '/audit', act: async (page) => { await row(page).locator('.fold button').click(); await page.locator('.titlebar .btn').last().click(); await page.waitForTimeout(500); } },
  { name: 'account', path: '/account' },
  { name: 'api-tokens', path: '/settings/api-tokens' },
  { name: 'api-token-new', path: '/settings/api-tokens', act: async (page) => { await page.locator('.titlebar .primary').click(); } },
  { name: 'administrators', path: '/settings/administrators' },
  { name: 'invite', path: '/settings/administrators', act: async (page) => { await page.locator('.titlebar .primary').click(); } },
  { name: 'settings', path: '/settings/tenant' },
  { name: 'about', path: '/settings/about' },
  { name: 'keys', path: '/', act: async (page) => { await page.keyboard.press('?'); } },
  { name: 'search', path: '/', act: async (page) => { await page.keyboard.press('/'); await page.keyboard.type('00100'); await page.waitForTimeout(300); } },
  { name: 'no-permission', path: '/policies/new', cookie: 'view' },
  { name: 'not-found', path: '/nowhere' },
];
