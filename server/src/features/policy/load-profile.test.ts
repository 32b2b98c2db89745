import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { defaultProfilePath, loadProfile, ProfileError, parseProfile } from './load-profile.ts'
import { type Profile, placeholderFields } from './profile.ts'

const yaml = readFileSync(defaultProfilePath, 'utf8')

function faultsOf(text: string): readonly string[] {
  try {
    parseProfile(text)
  } catch (error) {
    if (error instanceof ProfileError) return error.faults
    throw error
  }
  return []
}

test('the neutral profile loads and is full of placeholders that doctor can name', () => {
  const profile = loadProfile()
  expect(profile.name).toBe('Backlot')
  expect(profile.terms_version).toBe('2026-11-20.1')
  expect(placeholderFields(profile)).toEqual([
    'operator.legal_name',
    'operator.address',
    'contacts.support_email',
    'contacts.privacy_email',
    'contacts.abuse_email',
    'law.country',
  ])
})

test('a settled profile has no placeholder left', () => {
  const profile: Profile = {
    ...loadProfile(),
    operator: { legal_name: 'Studio Nord GmbH', address: 'Hafenstrasse, Bremen' },
    contacts: {
      support_email: 'help@studio-nord.de',
      privacy_email: 'data@studio-nord.de',
      abuse_email: 'abuse@studio-nord.de',
    },
    law: { country: 'DE' },
  }
  expect(placeholderFields(profile)).toEqual([])
})

test('all faults come together, each with its path and line', () => {
  const broken = yaml
    .replace('minimum_age: 18', 'minimum_age: twelve')
    .replace('registration: invited', 'registration: maybe')
    .replace('  outputs_days: 30', '  outputs_days: -3\n  colour: red')
    .replace('name: Backlot\n', '')
  const faults = faultsOf(broken)
  const lineOf = (text: string) => broken.split('\n').findIndex((line) => line.includes(text)) + 1
  expect(faults).toHaveLength(5)
  expect(faults).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^name: is missing/),
      expect.stringContaining(`minimum_age (line ${lineOf('minimum_age: twelve')})`),
      expect.stringContaining(`registration (line ${lineOf('registration: maybe')})`),
      expect.stringContaining(`retention.outputs_days (line ${lineOf('outputs_days: -3')})`),
      expect.stringContaining(`retention.colour (line ${lineOf('colour: red')}): is not known here`),
    ]),
  )
})

test('two red lines cannot be removed', () => {
  const faults = faultsOf(
    yaml.replace('  - sexual_minors\n', '').replace('  - intimate_imagery\n', '  - self_harm\n'),
  )
  expect(faults.join('\n')).toContain('must contain sexual_minors')
  expect(faults.join('\n')).toContain('must contain intimate_imagery')
  expect(faults.join('\n')).toContain('names a category twice')
})

test('YAML that cannot be read is refused with its line, and a missing file with its code', () => {
  expect(faultsOf(`${yaml}\nname: again\n`)[0]).toMatch(/^line \d+: /)
  expect(faultsOf('- a\n- b\n')).toHaveLength(1)
  expect(() => loadProfile('/nonexistent/profile.yaml')).toThrow(/ENOENT/)
})

test('media may be kept until their owner deletes them', () => {
  expect(
    parseProfile(yaml.replace('outputs_days: 30', 'outputs_days: null')).retention.outputs_days,
  ).toBeNull()
})
