import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanFileName, contentDisposition, renditionFileName } from './file-name.ts'

describe('a cleaned file name', () => {
  test.each([
    ['holiday.jpeg', 'image/jpeg', 'holiday.jpg'],
    ['C:\\Users\\me\\Desktop\\sea.png', 'image/png', 'sea.png'],
    ['../../etc/passwd', 'image/png', 'passwd.png'],
    ['évil\u202egnp.exe', 'image/png', 'évilgnp.png'],
    ['.htaccess', 'image/png', 'htaccess.png'],
    ['...', 'image/png', 'image.png'],
    ['', 'image/webp', 'image.webp'],
    ['a\r\nSet-Cookie: x=1.png', 'image/png', 'aSet-Cookie x=1.png'],
    ['日本の海.heic', 'image/jpeg', '日本の海.jpg'],
  ])('%j', (name, mimeType, expected) => {
    expect(cleanFileName(name, mimeType, 'image')).toBe(expected)
  })

  test('can always be saved, and cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const clean = cleanFileName(name, 'image/png', 'image')
        expect(clean).toMatch(/^[^.\s/\\<>:"|?*\p{Cc}][^/\\<>:"|?*\p{Cc}]*\.png$/u)
        expect([...clean].length).toBeLessThanOrEqual(124)
        expect(cleanFileName(clean, 'image/png', 'image')).toBe(clean)
      }),
    )
  })
})

test('Content-Disposition carries any name and lets none out of its quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
      const header = contentDisposition('attachment', name)
      const match = /^attachment; filename="([^"\\\r\n]*)"; filename\*=UTF-8''([\w.%~-]*)$/.exec(header)
      expect(match).not.toBeNull()
      expect(decodeURIComponent(match?.[2] ?? '')).toBe(name.toWellFormed())
      expect(() => new Headers({ 'content-disposition': header })).not.toThrow()
    }),
  )
  expect(contentDisposition('inline', 'a "b".mp4')).toBe(
    `inline; filename="a _b_.mp4"; filename*=UTF-8''a%20%22b%22.mp4`,
  )
})

test('a rendition is saved under a name of its own', () => {
  expect(renditionFileName('film.mp4', 'original', 'video/mp4')).toBe('film.mp4')
  expect(renditionFileName('film.webm', 'web', 'video/mp4')).toBe('film-web.mp4')
  expect(renditionFileName('film.mp4', 'poster', 'image/jpeg')).toBe('film-poster.jpg')
})
