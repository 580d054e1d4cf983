// What a person would look at: the squiggle, the Problems view, the hovers, a rule's page; with a picture of each.

const squiggle = '.squiggly-error';

/** Goes through the editor by mouse and keyboard; fails when something is not to be seen. */
export const look = async ({ page }, shot) => {
  const picture = async (name) => {
    // Hovers and lists fade in.
    await page.waitForTimeout(500);
    await page.screenshot({ path: `${shot}-${name}.png` });
  };
  try {
    await page.waitForSelector(squiggle, { timeout: 30_000 });
    await page.keyboard.press('Control+Shift+M');
    await page.waitForSelector('.markers-panel-container .monaco-list-row:has-text("env-courier@2.3.1")');
    await hover(page, 'env-courier', 'do not use');
    await page.waitForSelector('.statusbar-item:has-text("1 to avoid")');
    await picture('hover');
    await page.mouse.move(5, 795);
    await page.keyboard.press('Escape');
    await hover(page, 'quiet-pad', 'nothing to object to');
    await page.waitForSelector('.monaco-hover:has-text("What is imported here")');
    const text = await page.locator('.monaco-hover:has-text("What is imported here")').first().innerText();
    if (text.indexOf('What is imported here') > text.indexOf('nothing to object to')) throw new Error(`the imported names do not come first: ${text}`);
    await picture('hover-benign');
    await page.mouse.move(5, 795);
    await page.keyboard.press('Escape');
    await hover(page, 'parcel-kit', 'can use network');
    await picture('hover-names');
    await page.mouse.move(5, 795);
    await page.locator('.statusbar-item:has-text("1 to avoid")').click();
    await page.waitForSelector('.quick-input-list .monaco-list-row:has-text("env-courier")');
    await picture('list');
    await page.keyboard.press('Escape');
    await command(page, 'importguard: Scan All Dependencies of the Workspace');
    await page.waitForSelector('.quick-input-widget input[placeholder^="3 packages scanned, 2 to look at"]', { timeout: 20_000 });
    await picture('workspace');
    await page.keyboard.press('Escape');
    await page.locator('.markers-panel-container .monaco-list-row a:has-text("data-exfiltration")').first().click();
    await page.waitForSelector('.tab:has-text("data-exfiltration")');
    await page.frameLocator('iframe.webview.ready').frameLocator('iframe').getByRole('heading').first().waitFor();
    await picture('rule');
    await page.locator('.explorer-folders-view .monaco-list-row:has-text("package.json")').dblclick();
    await page.waitForSelector(squiggle);
    await hover(page, 'env-courier', 'do not use');
    await picture('manifest');
  } catch (error) {
    await picture('failed').catch(() => {});
    throw error;
  }
};

/** In a workspace that is not trusted the packages are checked all the same. */
export const lookUntrusted = async ({ page }, shot) => {
  await page.waitForSelector('[id="status.workspaceTrust"], .statusbar-item:has-text("Restricted Mode")', { timeout: 30_000 });
  await page.waitForSelector(squiggle, { timeout: 30_000 });
  await page.screenshot({ path: `${shot}.png` });
};

const command = async (page, title) => {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input[type=text]');
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator(`.quick-input-list .monaco-list-row:has-text("${title}")`).first().click();
};

const hover = async (page, name, words) => {
  // The first hover can be dismissed by the window settling: ask again until it shows.
  for (let attempt = 0; ; attempt++) {
    await page.locator('.view-line').getByText(name, { exact: false }).first().hover();
    try {
      await page.waitForSelector(`.monaco-hover:has-text("${words}")`, { timeout: 10_000 });
      return;
    } catch (error) {
      if (attempt === 2) throw error;
      await page.mouse.move(5, 795);
    }
  }
};
