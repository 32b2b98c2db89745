import type { AspectRatio, Model } from '@backlot/contract'
import { Dices, Volume2, VolumeX } from 'lucide-react'
import type { ReactNode } from 'react'
import { plural } from '../../lib/format.ts'
import type { Draft } from './draft.ts'

const chipClass =
  'inline-flex min-h-11 items-center gap-2 rounded-control border border-edge px-3 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-tungsten lg:min-h-9'

const shapes: Record<AspectRatio, { width: number; height: number; words: string }> = {
  '16:9': { width: 16, height: 9, words: 'wide' },
  '9:16': { width: 9, height: 16, words: 'tall' },
  '1:1': { width: 12, height: 12, words: 'square' },
}

/** Only the controls that the model has. */
export function Controls({
  model,
  draft,
  onChange,
  fault,
}: {
  model: Model
  draft: Draft
  onChange: (change: Partial<Draft>) => void
  fault: (field: string) => string | undefined
}) {
  const can = model.capabilities
  return (
    <>
      {can.aspect_ratios.length > 1 ? (
        <fieldset className="inline-flex rounded-control border border-edge">
          <legend className="sr-only">Shape</legend>
          {can.aspect_ratios.map((ratio) => (
            <label
              key={ratio}
              title={shapes[ratio].words}
              className="numbers inline-flex min-h-11 min-w-11 cursor-pointer items-center justify-center gap-1.5 rounded-control px-2.5 text-small text-dim has-checked:bg-raised has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-tungsten lg:min-h-[2.125rem]"
            >
              <input
                type="radio"
                name="aspect_ratio"
                value={ratio}
                checked={draft.aspect_ratio === ratio}
                onChange={() => onChange({ aspect_ratio: ratio })}
                className="sr-only"
              />
              <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
                <rect
                  x={(16 - shapes[ratio].width) / 2 + 0.75}
                  y={(16 - shapes[ratio].height) / 2 + 0.75}
                  width={shapes[ratio].width - 1.5}
                  height={shapes[ratio].height - 1.5}
                  rx="1.5"
                  fill="none"
                  stroke="currentColor"
                  strokeWidth="1.5"
                />
              </svg>
              {ratio}
            </label>
          ))}
        </fieldset>
      ) : null}

      <Choice label="Resolution" fault={fault('resolution')}>
        <select
          value={draft.resolution}
          onChange={(event) => onChange({ resolution: event.target.value as Draft['resolution'] })}
          aria-label="Resolution"
          className="numbers bg-transparent text-small outline-none"
        >
          {can.resolutions.map((resolution) => (
            <option key={resolution} value={resolution} className="bg-panel">
              {resolution}
            </option>
          ))}
        </select>
      </Choice>

      <label className={chipClass} title="Length">
        <span className="sr-only">Length in seconds</span>
        <input
          type="range"
          min={can.seconds.min}
          max={can.seconds.max}
          step={1}
          value={draft.seconds}
          onChange={(event) => onChange({ seconds: Number(event.target.value) })}
          aria-valuetext={plural(draft.seconds, 'second')}
          className="h-6 w-24 accent-tungsten outline-none"
        />
        <span className="numbers min-w-9 text-right text-small">{draft.seconds} s</span>
      </label>

      {can.outputs_max > 1 ? (
        <Choice label="Outputs" fault={fault('n')}>
          <select
            value={draft.n}
            onChange={(event) => onChange({ n: Number(event.target.value) })}
            aria-label="Outputs"
            className="numbers bg-transparent text-small outline-none"
          >
            {Array.from({ length: can.outputs_max }, (_, index) => index + 1).map((count) => (
              <option key={count} value={count} className="bg-panel">
                {plural(count, 'output')}
              </option>
            ))}
          </select>
        </Choice>
      ) : null}

      {can.audio === 'optional' ? (
        <button
          type="button"
          role="switch"
          aria-checked={draft.audio}
          aria-label="Sound"
          onClick={() => onChange({ audio: !draft.audio })}
          className="inline-flex min-h-11 items-center gap-2 rounded-control border border-edge px-3 text-small hover:bg-raised lg:min-h-9"
        >
          {draft.audio ? <Volume2 size={16} aria-hidden="true" /> : <VolumeX size={16} aria-hidden="true" />}
          <span className="min-w-16 text-left">{draft.audio ? 'Sound on' : 'Sound off'}</span>
        </button>
      ) : null}

      {can.seed ? (
        <label className={chipClass} title="The same seed and settings make the same video again">
          <Dices size={16} aria-hidden="true" className="text-dim" />
          <span className="text-small text-dim">Seed</span>
          <input
            inputMode="numeric"
            pattern="[0-9]*"
            placeholder="any"
            value={draft.seed ?? ''}
            aria-invalid={fault('seed') ? true : undefined}
            onChange={(event) => {
              const digits = event.target.value.replaceAll(/\D/g, '').slice(0, 10)
              onChange({ seed: digits === '' ? null : Math.min(2_147_483_647, Number(digits)) })
            }}
            className="numbers w-[6.5rem] bg-transparent text-small outline-none"
          />
        </label>
      ) : null}
    </>
  )
}

function Choice({
  label,
  fault,
  children,
}: {
  label: string
  fault: string | undefined
  children: ReactNode
}) {
  return (
    <span className={chipClass} title={label}>
      {children}
      {fault ? <span className="text-small text-cut-ink">{fault}</span> : null}
    </span>
  )
}
