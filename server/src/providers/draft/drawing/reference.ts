import type { Image } from '@napi-rs/canvas'
import type { Shot } from '../animatic-plan.ts'
import { fade } from '../palettes.ts'
import { glow, type Pen } from './pen.ts'

/** A reference picture, filling the panel, in slow sub-pixel movement under a wandering light. */
export function drawReference(
  pen: Pen,
  image: Image,
  shot: Shot,
  width: number,
  height: number,
  progress: number,
  seconds: number,
): void {
  const eased = progress * 0.7 + (0.5 - 0.5 * Math.cos(Math.PI * progress)) * 0.3
  const zoom = shot.camera === 'out' ? 1.16 - 0.12 * eased : 1.04 + 0.12 * eased
  const scale = Math.max(width / image.width, height / image.height) * zoom
  const slackX = (image.width * scale - width) / 2
  const slackY = (image.height * scale - height) / 2
  const sway = (eased - 0.5) * 2
  const across =
    shot.camera === 'left' ? -1 : shot.camera === 'right' ? 1 : 0.3 * (shot.lightX < 0.5 ? -1 : 1)
  const x = -slackX + slackX * 0.8 * sway * across
  const y = -slackY + slackY * 0.4 * sway * (shot.camera === 'up' ? 1 : shot.camera === 'down' ? -1 : 0.2)
  pen.imageSmoothingQuality = 'medium'
  pen.drawImage(image, x, y, image.width * scale, image.height * scale)
  pen.globalCompositeOperation = 'screen'
  const drift = width * (0.15 + 0.7 * progress)
  glow(
    pen,
    drift,
    height * (0.1 + 0.05 * Math.sin(seconds)),
    width * 0.42,
    fade('#ffb36b', 0.2),
    fade('#ffb36b', 0),
  )
  pen.globalCompositeOperation = 'source-over'
}
