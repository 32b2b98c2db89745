import { passwordCharactersMin } from '@backlot/contract'
import { expect, test } from 'vitest'
import * as studio from './password-rules.ts'

test('the studio names the same minimum as the contract', () => {
  expect(studio.passwordCharactersMin).toBe(passwordCharactersMin)
})
