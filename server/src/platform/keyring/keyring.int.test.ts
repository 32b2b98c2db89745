import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { createKeyring, type Keyring, SealError } from './index.ts'

let database: TestDatabase
let keyring: Keyring
let nowMs = 0
const masterKey = randomBytes(32)

beforeAll(async () => {
  database = await createTestDatabase()
  keyring = createKeyring({ masterKey, keyId: 'k1', db: database.db, nowMs: () => nowMs })
  for (const account of ['acc_a', 'acc_b']) await keyring.createAccountKey(database.db, account)
})
afterAll(() => database.drop())

function otherProcess(options: { masterKey?: Buffer; keyId?: string } = {}): Keyring {
  return createKeyring({ masterKey, keyId: 'k1', db: database.db, ...options })
}

describe('account keys', () => {
  test('what one process seals another opens', async () => {
    const reader = otherProcess()
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.string(),
        async (text, context) => {
          const sealed = await keyring.seal('acc_a', context, text)
          expect(await reader.open('acc_a', context, sealed)).toBe(text)
        },
      ),
    )
  })

  test('another account or another context does not open it', async () => {
    const sealed = await keyring.seal('acc_a', 'note:1', 'mine')
    await expect(keyring.open('acc_b', 'note:1', sealed)).rejects.toThrow(SealError)
    await expect(keyring.open('acc_a', 'note:2', sealed)).rejects.toThrow(SealError)
  })

  test('a wrapped key moved to another account does not open', async () => {
    await keyring.createAccountKey(database.db, 'acc_thief')
    await database.db.query(
      `update account_keys set wrapped_key = (select wrapped_key from account_keys where account_id = 'acc_a')
       where account_id = 'acc_thief'`,
    )
    await expect(otherProcess().dataKey('acc_thief')).rejects.toThrow(SealError)
  })

  test('another master key, or another id of it, opens nothing', async () => {
    const wrong = otherProcess({ masterKey: randomBytes(32) })
    await expect(wrong.dataKey('acc_a')).rejects.toThrow(SealError)
    await expect(otherProcess({ keyId: 'k2' }).dataKey('acc_a')).rejects.toThrow(SealError)
  })

  test('sealing works inside the transaction that creates the account, and reading after it', async () => {
    const sealed = await database.db.transaction(async (tx) => {
      await keyring.createAccountKey(tx, 'acc_new')
      return keyring.seal('acc_new', 'title', 'first')
    })
    expect(await otherProcess().open('acc_new', 'title', sealed)).toBe('first')
  })

  test('an account has one key: a second creation is refused and the first stays', async () => {
    const sealed = await keyring.seal('acc_b', 'c', 'x')
    await expect(keyring.createAccountKey(database.db, 'acc_b')).rejects.toThrow()
    expect(await otherProcess().open('acc_b', 'c', sealed)).toBe('x')
  })

  test('a destroyed key goes dark here at once and elsewhere when the memory of it ends', async () => {
    await keyring.createAccountKey(database.db, 'acc_leaving')
    const sealed = await keyring.seal('acc_leaving', 'c', 'x')
    const remover = otherProcess()
    expect(await remover.open('acc_leaving', 'c', sealed)).toBe('x')
    await remover.destroyAccountKey(database.db, 'acc_leaving')
    await expect(remover.open('acc_leaving', 'c', sealed)).rejects.toMatchObject({ code: 'gone' })
    nowMs += 5_000
    await expect(keyring.open('acc_leaving', 'c', sealed)).rejects.toMatchObject({ code: 'gone' })
    await expect(keyring.seal('acc_never', 'c', 'x')).rejects.toMatchObject({ code: 'gone' })
  })

  test('neither the key nor a text stands readable in the database', async () => {
    const rows = await database.db.query<{ wrapped_key: Buffer }>('select wrapped_key from account_keys')
    const exported = (await keyring.dataKey('acc_a')).export()
    for (const row of rows) expect(row.wrapped_key.includes(exported)).toBe(false)
    const sealed = await keyring.seal('acc_a', 'c', 'a red fox in the snow')
    expect(sealed.includes('fox')).toBe(false)
  })
})

describe('keys of the deployment', () => {
  test('seal what belongs to no account', () => {
    const sealed = keyring.sealForDeployment('mail:1', 'hello')
    expect(otherProcess().openForDeployment('mail:1', sealed)).toBe('hello')
    expect(() => keyring.openForDeployment('mail:2', sealed)).toThrow(SealError)
    expect(() => otherProcess({ masterKey: randomBytes(32) }).openForDeployment('mail:1', sealed)).toThrow(
      SealError,
    )
  })

  test('signatures hold for exactly one context and text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (context, text, context2, text2) => {
        const signature = keyring.sign(context, text)
        expect(signature).toMatch(/^[\w-]{43}$/)
        expect(keyring.verify(context, text, signature)).toBe(true)
        expect(keyring.verify(context2, text2, signature)).toBe(context === context2 && text === text2)
        expect(keyring.verify(context, text, `${signature}=`)).toBe(false)
      }),
    )
    expect(keyring.verify('ab', 'c', keyring.sign('a', 'bc'))).toBe(false)
    expect(keyring.verify('a', 'b', '')).toBe(false)
  })

  test('a blind index is stable, keyed and apart from signatures', () => {
    expect(keyring.blindIndex('email', 'a@b.c')).toBe(otherProcess().blindIndex('email', 'a@b.c'))
    expect(keyring.blindIndex('email', 'a@b.c')).not.toBe(keyring.blindIndex('phone', 'a@b.c'))
    expect(keyring.blindIndex('email', 'a@b.c')).not.toBe(
      otherProcess({ masterKey: randomBytes(32) }).blindIndex('email', 'a@b.c'),
    )
    const signature = Buffer.from(keyring.sign('email', 'a@b.c'), 'base64url').toString('hex')
    expect(keyring.blindIndex('email', 'a@b.c')).not.toBe(signature)
  })
})
