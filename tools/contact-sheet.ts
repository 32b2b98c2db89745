// Draws one sheet of stills per prompt, to judge the look of `draft` by eye:
//   node tools/contact-sheet.ts [part of a title ...]
// Sheets go to bench/out/contact-sheets, which git ignores.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { planAnimatic } from '../server/src/providers/draft/animatic-plan.ts'
import { createArtist } from '../server/src/providers/draft/drawing/animatic-artist.ts'

const { createCanvas, loadImage } = createRequire(new URL('../server/package.json', import.meta.url))(
  '@napi-rs/canvas',
) as typeof import('@napi-rs/canvas')
const folder = new URL('../bench/out/contact-sheets/', import.meta.url).pathname
mkdirSync(folder, { recursive: true })

type Entry = {
  title: string
  prompt: string
  seed?: number
  size?: [number, number]
  seconds?: number
  hasReference?: boolean
}

const entries: Entry[] = [
  { title: 'boat', prompt: 'A small sailing boat crossing a golden sea at sunset' },
  { title: 'dog', prompt: 'A corgi running through a meadow in the morning', seed: 3 },
  { title: 'city-rain', prompt: 'Woman walking through a neon city in the rain, cyberpunk' },
  { title: 'astronaut', prompt: 'An astronaut and a robot on the surface of Mars' },
  { title: 'unknown', prompt: 'Quarterly synergy of the seventh paradox' },
  { title: 'empty', prompt: '.' },
  { title: 'japanese', prompt: '雪の森を歩く狐、静かな夜' },
  { title: 'german', prompt: 'Ein Leuchtturm am Meer bei Sturm, hohe Wellen' },
  { title: 'french', prompt: 'Une tasse de café fumante près de la fenêtre, lumière du matin' },
  { title: 'arabic', prompt: 'حصان يركض في الصحراء عند الغروب' },
  { title: 'russian', prompt: 'Старый поезд едет через горы осенью' },
  { title: 'chinese', prompt: '水下珊瑚礁中的鱼群和一条鲸鱼' },
  { title: 'korean', prompt: '벚꽃 아래 춤추는 소녀', size: [720, 1280] },
  { title: 'portrait', prompt: 'Hot air balloon over mountains at dawn', size: [720, 1280] },
  { title: 'square', prompt: 'Black cat sitting on a table, vase of flowers', size: [960, 960] },
  { title: 'spanish', prompt: 'Un dragón vuela sobre un castillo en las montañas', seed: 2 },
  { title: 'elephants', prompt: 'Three elephants walking, savanna, golden hour' },
  { title: 'rocket', prompt: 'rocket launch from the desert at night, crowd watching', seconds: 3 },
  { title: 'beach', prompt: 'kids playing ball on a tropical beach' },
  { title: 'campfire', prompt: 'a bear beside a campfire in a dark forest with fireflies' },
  { title: 'car', prompt: 'vintage car driving to a house in the hills, birds in the sky', seed: 5 },
  {
    title: 'long',
    prompt:
      'An extraordinarily long prompt that goes on and on about a castle in autumn with a windmill, a bicycle and many birds, told in one breath so that the caption must break and end with dots',
  },
  { title: 'reference', prompt: 'make it move gently', hasReference: true },
]

const wanted = process.argv.slice(2)
for (const entry of entries) {
  if (wanted.length > 0 && !wanted.some((word) => entry.title.includes(word))) continue
  const [width, height] = entry.size ?? [1280, 720]
  const plan = planAnimatic({
    prompt: entry.prompt,
    seed: entry.seed ?? 1,
    width,
    height,
    durationMs: (entry.seconds ?? 8) * 1000,
    frameRate: 24,
    hasReference: entry.hasReference ?? false,
  })
  const reference = entry.hasReference ? await loadImage(makeReference()) : undefined
  const artist = createArtist(plan, width, height, reference)
  const stills = plan.shots
    .flatMap((shot) => [
      shot.startFrame + Math.round(shot.frames * 0.3),
      shot.startFrame + Math.round(shot.frames * 0.75),
    ])
    .slice(0, 6)
  const scale = (height > width ? 400 : 360) / height
  const columns = 2
  const rows = Math.ceil(stills.length / columns)
  const sheet = createCanvas(
    columns * width * scale + (columns + 1) * 8,
    rows * height * scale + (rows + 1) * 8,
  )
  const pen = sheet.getContext('2d')
  pen.fillStyle = '#2b2e34'
  pen.fillRect(0, 0, sheet.width, sheet.height)
  let drawMs = 0
  stills.forEach((frame, index) => {
    artist.draw(frame)
    const startedAt = performance.now()
    artist.draw(frame)
    drawMs += performance.now() - startedAt
    const x = 8 + (index % columns) * (width * scale + 8)
    const y = 8 + Math.floor(index / columns) * (height * scale + 8)
    pen.drawImage(artist.canvas, x, y, width * scale, height * scale)
  })
  writeFileSync(join(folder, `${entry.title}.png`), sheet.toBuffer('image/png'))
  const shot = plan.shots[0]
  console.log(
    entry.title.padEnd(12),
    `${(drawMs / stills.length).toFixed(1)} ms/frame`,
    shot?.place,
    shot?.palette.name,
    shot?.weather,
    shot?.subjects.map((subject) => subject.name).join(','),
  )
}

function makeReference(): string {
  const canvas = createCanvas(1200, 900)
  const pen = canvas.getContext('2d')
  const sky = pen.createLinearGradient(0, 0, 0, 900)
  sky.addColorStop(0, '#284b63')
  sky.addColorStop(1, '#f2c78f')
  pen.fillStyle = sky
  pen.fillRect(0, 0, 1200, 900)
  for (let index = 0; index < 40; index += 1) {
    pen.fillStyle = `hsl(${(index * 37) % 360} 40% ${30 + (index % 5) * 8}%)`
    pen.fillRect(index * 30, 500 + ((index * 97) % 200), 26, 400)
  }
  const path = join(folder, 'reference-input.png')
  writeFileSync(path, canvas.toBuffer('image/png'))
  return path
}
