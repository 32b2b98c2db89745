import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../src/platform/db/embedded-postgres.ts'
import { silentLog } from '../src/platform/log.ts'
import { createTemplate } from './template.ts'

/** One real PostgreSQL for the whole run; each test file clones its databases from a migrated template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(path.join(tmpdir(), 'backlot-test-'))
  const postgres = await startEmbeddedPostgres({
    directory: path.join(directory, 'postgres'),
    log: silentLog,
    connectionsMax: 200,
    // Nothing here has to survive a power cut.
    settings: { fsync: 'off' },
  })
  async function end(): Promise<void> {
    await postgres.stop()
    await rm(directory, { recursive: true, force: true })
  }
  const template = 'backlot_template'
  try {
    await createTemplate(postgres.url, template)
  } catch (error) {
    await end()
    throw error
  }
  project.provide('postgres', { url: postgres.url, template })
  return end
}
