import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Keyring } from '../../platform/keyring/index.ts'

/**
 * A secret of the deployment in a file of its own, sealed with the master key, made once. When several processes
 * start together, one of them makes it and all of them get the same.
 *
 * @throws SealError when the file belongs to another master key or was changed
 */
export async function readOrCreateSealed(
  file: string,
  context: string,
  keyring: Keyring,
  create: () => Promise<string> | string,
): Promise<string> {
  const existing = await readIfThere(file)
  if (existing) return keyring.openForDeployment(context, existing)
  const text = await create()
  if (await writeSealed(file, context, keyring, text, 'keep')) return text
  const theirs = await readFile(file)
  return keyring.openForDeployment(context, theirs)
}

/**
 * Writes the file whole or not at all, readable by its owner only.
 *
 * @param existing what happens to a file that is there already
 * @returns false when a file was there and was kept
 */
export async function writeSealed(
  file: string,
  context: string,
  keyring: Keyring,
  text: string,
  existing: 'keep' | 'replace',
): Promise<boolean> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${randomBytes(6).toString('hex')}`
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(keyring.sealForDeployment(context, text))
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    if (existing === 'replace') {
      await rename(temporary, file)
      return true
    }
    // link(2) refuses to overwrite, which rename(2) would do: the first process wins.
    await link(temporary, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    await rm(temporary, { force: true })
  }
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
