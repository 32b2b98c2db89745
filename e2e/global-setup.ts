import { launchBrowser } from './browser.ts'

/** Unpacks the browser once, before the test files that need it start, and says at once when there is none. */
export default async function setup(): Promise<void> {
  const browser = await launchBrowser()
  await browser.close()
}
