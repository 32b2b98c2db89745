import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitEven, posterGraph, previewGraph, webFrameRate, webGraph } from './video-graph.ts'

const side = fc.integer({ min: 2, max: 8192 })

test('a fitted size is even, inside the box and close to the proportions', () => {
  fc.assert(
    fc.property(side, side, fc.integer({ min: 64, max: 4096 }), (width, height, box) => {
      const size = fitEven({ width, height }, box, box)
      expect(size.width % 2).toBe(0)
      expect(size.height % 2).toBe(0)
      expect(size.width).toBeLessThanOrEqual(Math.max(2, box + 1))
      expect(size.height).toBeLessThanOrEqual(Math.max(2, box + 1))
      const scale = Math.min(1, box / width, box / height)
      expect(Math.abs(size.width - width * scale)).toBeLessThanOrEqual(2)
      expect(Math.abs(size.height - height * scale)).toBeLessThanOrEqual(2)
    }),
  )
})

test('graphs hold nothing but numbers and our own words', () => {
  fc.assert(
    fc.property(
      side,
      side,
      fc.constantFrom(0, 90, 180, 270),
      fc.double({ min: 0.1, max: 200 }),
      (width, height, rotation, rate) => {
        const picture = { width, height, rotation: rotation as 0 }
        for (const { graph } of [posterGraph(picture, 640), previewGraph(picture), webGraph(picture, rate)]) {
          expect(graph).toMatch(/^[a-z0-9=:,/]+$/)
        }
      },
    ),
  )
})

test('a video graph states its frame rate', () => {
  const picture = { width: 1080, height: 1920, rotation: 90 } as const
  expect(webGraph(picture, 29.97).graph).toBe(
    'transpose=clock,scale=1080:1920:flags=bicubic,setsar=1,fps=30000/1001,format=yuv420p',
  )
  expect(previewGraph(picture).graph).toContain('scale=180:320')
})

test('frame rates snap to the usual ones and stay within 60', () => {
  expect([23.976, 24, 29.97, 119.9, 0.2, Number.NaN].map(webFrameRate)).toEqual([
    '24000/1001',
    '24',
    '30000/1001',
    '60',
    '1',
    '30',
  ])
})
