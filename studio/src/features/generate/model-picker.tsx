import type { Model } from '@backlot/contract'
import { useQueries } from '@tanstack/react-query'
import { Check, ChevronUp } from 'lucide-react'
import { type CSSProperties, useId, useRef, useState } from 'react'
import { aboutDuration, credits } from '../../lib/format.ts'
import { type Draft, fitToModel, toQuoteRequest } from './draft.ts'
import { quoteOptions } from './submit.ts'

const widthPx = 416

/** The models as a list: what each can do, how long it takes, and its price for these very settings. */
export function ModelPicker({
  models,
  draft,
  onPick,
}: {
  models: readonly Model[]
  draft: Draft
  onPick: (model: Model) => void
}) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const popover = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  const [place, setPlace] = useState<CSSProperties>({})
  const current = models.find((model) => model.id === draft.model)
  const prices = useQueries({
    queries: models.map((model) => ({
      ...quoteOptions(toQuoteRequest(fitToModel(draft, model))),
      enabled: open,
    })),
  })

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-label={`Model: ${current?.name ?? 'none'}`}
        className="inline-flex min-h-11 items-center gap-2 rounded-control border border-edge px-3 font-medium hover:bg-raised lg:min-h-9"
        onClick={() => {
          const box = button.current?.getBoundingClientRect()
          const width = Math.min(widthPx, innerWidth - 16)
          if (box) {
            const left = Math.max(8, Math.min(box.left, innerWidth - width - 8))
            setPlace({ left, width, bottom: innerHeight - box.top + 8 })
          }
        }}
      >
        {current?.name ?? 'Model'}
        <ChevronUp size={16} aria-hidden="true" />
      </button>
      <div
        ref={popover}
        id={id}
        popover="auto"
        onToggle={(event) => {
          const isOpen = event.newState === 'open'
          setOpen(isOpen)
          if (isOpen) popover.current?.querySelector<HTMLElement>('input:checked')?.focus()
        }}
        style={place}
        className="fixed inset-auto m-0 max-h-[60dvh] overflow-auto rounded-media border border-line bg-panel p-2 text-ink"
      >
        <fieldset>
          <legend className="px-3 py-2 text-small text-dim">Model</legend>
          {models.map((model, index) => (
            <label
              key={model.id}
              className="flex cursor-pointer gap-3 rounded-control p-3 hover:bg-raised has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-tungsten"
            >
              <input
                type="radio"
                name="model"
                className="sr-only"
                checked={model.id === draft.model}
                onChange={() => onPick(model)}
                onClick={() => popover.current?.hidePopover()}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' || event.key === ' ') {
                    event.preventDefault()
                    popover.current?.hidePopover()
                    button.current?.focus()
                  }
                }}
              />
              <span className="w-4 flex-none pt-0.5">
                {model.id === draft.model ? <Check size={16} aria-hidden="true" /> : null}
              </span>
              <span className="min-w-0 flex-1">
                <span className="flex flex-wrap items-baseline justify-between gap-x-3">
                  <span className="font-medium">{model.name}</span>
                  <span className="numbers text-small">
                    {prices[index]?.data ? credits(prices[index].data.credits) : '…'}
                  </span>
                </span>
                <span className="block text-small text-dim">{model.description}</span>
                <span className="mt-1 block text-small text-dim">{abilities(model)}</span>
              </span>
            </label>
          ))}
        </fieldset>
      </div>
    </>
  )
}

function abilities(model: Model): string {
  const can = model.capabilities
  const sizes =
    can.resolutions.length > 1 ? `${can.resolutions[0]} to ${can.resolutions.at(-1)}` : can.resolutions[0]
  return [
    `${can.seconds.min} to ${can.seconds.max} s`,
    sizes,
    can.aspect_ratios.join(', '),
    can.audio === 'none' ? 'silent' : 'sound',
    ...(can.image_roles.length > 0 ? ['reference image'] : []),
    model.typical_wait_seconds === null
      ? 'waiting time not known yet'
      : `ready in ${aboutDuration(model.typical_wait_seconds)}`,
    ...(model.verified === 'contract' ? ['not yet run against the real service'] : []),
  ].join(' · ')
}
