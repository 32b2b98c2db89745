import { describe, expect, it } from 'vitest'
import { renderNotice, type TemplateName } from './templates.ts'

const values = {
  link: 'https://testlot.example/x?token=abc',
  at: '2026-11-20T12:34:56.000Z',
  device: 'Firefox on Linux',
  address: '192.0.2.1',
}

describe('the words of a notice', () => {
  it.each<[TemplateName, string[]]>([
    ['verify_email', [values.link, '24 hours']],
    ['reset_password', [values.link, 'one hour']],
    ['password_changed', ['2026-11-20 12:34 UTC']],
    ['new_device', ['Firefox on Linux', '192.0.2.1', '2026-11-20 12:34 UTC']],
    ['invitation', [values.link, '14 days']],
  ])('%s says what it must', (name, parts) => {
    const { subject, text } = renderNotice(name, 'Testlot', values)
    expect(subject).toContain('Testlot')
    expect(subject).not.toMatch(/[\r\n]/)
    for (const part of parts) expect(text).toContain(part)
    expect(text).not.toContain('undefined')
  })
})
