// Drive Chromium: a list of tasks as JSON on standard input, their results as JSON on standard output.
// Every request the browser makes is counted; whatever leaves the site is named in the result.
const { createRequire } = require("node:module");
const fs = require("node:fs");

const input = JSON.parse(fs.readFileSync(0, "utf8"));
const load = createRequire(input.modules + "/");
const { chromium } = load("playwright-core");
const SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

// Open a page in a colour scheme; the theme remembers the one chosen before, so that is forgotten first.
async function show(page, url, scheme) {
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(url);
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  const shown = await page.evaluate(() => document.body.dataset.mdColorScheme);
  if ((shown === "slate") !== (scheme === "dark")) throw new Error(`${url} is ${shown}, not ${scheme}`);
}

const tasks = {
  // The addresses of the first results of each query, in order.
  async search(page, { url, queries }) {
    await page.goto(url);
    const found = {};
    const box = page.locator("[data-md-component=search-query]");
    await box.focus();
    await page.waitForFunction(() => !document.querySelector(".md-search-result__meta").textContent.includes("正在"));
    for (const query of queries) {
      await box.fill("");
      await box.press("Shift");
      await page.waitForTimeout(20);
      const before = await page.locator(".md-search-result__meta").textContent();
      await box.fill(query);
      await box.press("Shift"); // the theme listens to keys
      await page
        .waitForFunction((old) => document.querySelector(".md-search-result__meta").textContent !== old, before, { timeout: 60000 })
        .catch(() => null);
      await page.waitForTimeout(40);
      found[query] = await page.$$eval(".md-search-result__item > .md-search-result__link", (links) =>
        links.slice(0, 6).map((link) => link.href)
      );
    }
    return found;
  },

  // What axe-core finds serious on each page, in both colour schemes.
  async axe(page, { urls }) {
    const source = fs.readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");
    const found = {};
    for (const url of urls) {
      for (const scheme of ["light", "dark"]) {
        await show(page, url, scheme);
        await page.evaluate(source);
        const rules = scheme === "dark" ? { runOnly: ["color-contrast"] } : {}; // the rest does not hang on colours
        const { violations } = await page.evaluate((options) => window.axe.run(options), rules);
        found[`${url} ${scheme}`] = violations
          .filter((one) => ["serious", "critical"].includes(one.impact))
          .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
      }
    }
    return found;
  },

  // How much wider than the window each page is, in pixels.
  async overflow(page, { urls, width }) {
    await page.setViewportSize({ width, height: 844 });
    const found = {};
    for (const url of urls) {
      await page.goto(url);
      found[url] = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    }
    return found;
  },

  // Pictures of pages, to look at.
  async picture(page, { shots }) {
    for (const { url, path, width, scheme, height, full } of shots) {
      await page.setViewportSize({ width, height: height || 900 });
      await show(page, url, scheme || "light");
      await page.waitForTimeout(200);
      await page.screenshot({ path, fullPage: Boolean(full) });
    }
    return shots.length;
  },

  // A page as it would be printed.
  async print(page, { url, path }) {
    await page.goto(url);
    await page.pdf({ path, preferCSSPageSize: true });
    return path;
  },

  // Steps in the page: fill, select, click; then the text of what a selector names.
  async act(page, { url, steps, read }) {
    await page.goto(url);
    for (const [verb, selector, value] of steps) {
      if (verb === "fill") await page.fill(selector, value);
      if (verb === "select") await page.selectOption(selector, value);
      if (verb === "click") await page.click(selector);
    }
    return page.$$eval(read, (nodes) => nodes.map((node) => node.innerText.trim()));
  },
};

(async () => {
  const browser = await chromium.launch({ executablePath: input.chromium, headless: true, args: SWITCHES });
  const context = await browser.newContext({ locale: "zh-CN" });
  const page = await context.newPage();
  const strangers = [];
  const errors = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!/^(file|data|blob|about):/.test(url) && !url.startsWith(input.site)) strangers.push(url);
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  const results = [];
  for (const task of input.tasks) results.push(await tasks[task.do](page, task));
  await browser.close();
  process.stdout.write(JSON.stringify({ results, strangers, errors }));
})();
