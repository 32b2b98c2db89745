/**
 * Waits until `condition` holds, looking again every few milliseconds; the only way in which tests wait.
 *
 * @throws when it does not within `deadlineMs`
 */
export async function until<Value>(
  condition: () => Promise<Value | undefined | false | null> | Value | undefined | false | null,
  what: string,
  deadlineMs = 20_000,
): Promise<Value> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const value = await condition()
    if (value) return value
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
