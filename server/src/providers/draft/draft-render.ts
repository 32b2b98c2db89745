import type { AnimaticPlan } from './animatic-plan.ts'

/** One order to the render child. Pictures travel as base64 through IPC, so that nothing but the video is written. */
export type DraftJob =
  | {
      kind: 'render'
      plan: AnimaticPlan
      /** Where the finished video appears, inside the child's folder. */
      output: string
      referenceBase64: string | null
      hasSound: boolean
    }
  /** Makes a reference picture small enough to live in an operation. */
  | { kind: 'shrink'; imageBase64: string }

export type DraftJobResult = { kind: 'rendered'; bytes: number } | { kind: 'shrunk'; imageBase64: string }

export type DraftPhase = 'queued' | 'drawing' | 'finishing'
export type DraftProgress = { phase: DraftPhase; progress: number }

/** Large videos are drawn at 720 lines and scaled up: half the time, and flat shapes hide it. */
export function drawSizeOf(width: number, height: number): { width: number; height: number } {
  const short = Math.min(width, height)
  if (short <= 720) return { width, height }
  const even = (length: number) => Math.round((length * 720) / short / 2) * 2
  return { width: even(width), height: even(height) }
}
