import { createBacklot } from '../client/src/index.ts'
import { type RunningServer, runBacklot } from './server.ts'

export const operatorEmail = 'operator@example.com'
export const operatorPassword = 'a long enough password'

/** Makes the operator's account and an API key for it, as somebody at the terminal does. */
export async function makeOperator(server: Pick<RunningServer, 'dataFolder'>): Promise<{ key: string }> {
  const { dataFolder } = server
  const account = ['operator', 'create', '--email', operatorEmail, '--password', operatorPassword, '--json']
  await succeed(account, dataFolder)
  const made = await succeed(
    ['keys', 'create', '--account', operatorEmail, '--name', 'tests', '--json'],
    dataFolder,
  )
  return { key: (JSON.parse(made) as { key: string }).key }
}

export async function grantCredits(server: Pick<RunningServer, 'dataFolder'>, amount: number): Promise<void> {
  const grant = [
    'credits',
    'grant',
    '--account',
    operatorEmail,
    '--amount',
    String(amount),
    '--reason',
    'for tests',
  ]
  await succeed(grant, server.dataFolder)
}

/** Runs one command to its end. @throws with what it printed when it fails */
export async function succeed(command: readonly string[], dataFolder: string): Promise<string> {
  const { code, stdout, stderr } = await runBacklot(command, { dataFolder })
  if (code !== 0) throw new Error(`backlot ${command.join(' ')} ended with ${code}:\n${stdout}${stderr}`)
  return stdout
}

export function client(server: Pick<RunningServer, 'origin'>, key: string) {
  return createBacklot({ origin: server.origin, key })
}
