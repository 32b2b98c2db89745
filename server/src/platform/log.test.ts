import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog } from './log.ts'

function lines() {
  let text = ''
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  return { log: createLog({ level: 'info', destination }), text: () => text }
}

test('an error is told by its words, its code and its causes, without what libraries hang on it', () => {
  const { log, text } = lines()
  const database = Object.assign(new Error('duplicate key value violates unique constraint "users_email"'), {
    code: '23505',
    detail: 'Key (email)=(CANARY@example.com) already exists.',
    where: 'CANARY',
    requestBodyValues: { prompt: 'CANARY' },
    url: 'https://cdn.example/video?signature=CANARY',
    responseHeaders: { 'set-cookie': 'CANARY' },
  })
  log.error({ requestId: 'req_1', err: new TypeError('a request failed', { cause: database }) }, 'failed')
  const line = JSON.parse(text()) as { err: { type: string; cause: object } }
  expect(text()).not.toContain('CANARY')
  expect(line.err).toMatchObject({
    type: 'TypeError',
    message: 'a request failed',
    stack: expect.stringContaining('log.test.ts'),
    cause: { code: '23505', message: expect.stringContaining('users_email') },
  })
})

test('what is no error says only what it is; a chain that bites its tail ends', () => {
  const { log, text } = lines()
  log.warn({ err: { body: 'CANARY' } }, 'thrown by somebody')
  const first = new Error('first')
  first.cause = new Error('second', { cause: first })
  log.warn({ err: first }, 'a circle')
  log.warn({ err: 'a sentence' }, 'words')
  expect(text()).not.toContain('CANARY')
  expect(text()).toContain('a sentence')
})

test.each(['prompt', 'password', 'token', 'secret', 'url'])('a field called %s is cut', (name) => {
  const { log, text } = lines()
  log.info({ [name]: 'CANARY', inner: { [name]: 'CANARY' } }, 'said')
  expect(text()).not.toContain('CANARY')
})
