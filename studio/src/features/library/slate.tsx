import type { Generation } from '@backlot/contract'
import { useNow } from '../../lib/clocks.ts'
import { clock } from '../../lib/format.ts'
import { estimateWords, phaseWords } from '../../lib/generation-words.ts'
import { ProgressBar } from './progress-bar.tsx'

/** The face of a tile while its video is made: place, phase, elapsed, estimate. */
export function Slate({ generation }: { generation: Generation }) {
  const nowMs = useNow()
  const elapsed = clock((nowMs - Date.parse(generation.created_at)) / 1000)
  const left = estimateWords(generation)
  const phase = phaseWords(generation)
  const moving = generation.state !== 'queued'
  return (
    <div className="flex h-full flex-col justify-between p-3">
      <div>
        <p className={moving ? 'text-small font-medium text-tungsten-ink' : 'text-small font-medium'}>
          {phase}
        </p>
        {generation.state === 'uncertain' ? (
          <p className="mt-1 text-small text-dim">
            The model has not answered. Credits stay held, not charged.
          </p>
        ) : null}
        <p className="numbers mt-1 text-small text-dim">{elapsed}</p>
        {left ? <p className="text-small text-dim">{left}</p> : null}
      </div>
      {moving ? <ProgressBar progress={generation.progress} label={phase} /> : null}
    </div>
  )
}
