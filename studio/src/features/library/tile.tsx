import type { Asset, Generation } from '@backlot/contract'
import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleSlash, RotateCcw } from 'lucide-react'
import { useRef } from 'react'
import { useNow } from '../../lib/clocks.ts'
import { clock, deletesIn } from '../../lib/format.ts'
import { refreshGeneration } from '../../lib/generation-cache.ts'
import { chargeWords, isFinal, phaseWords, shorten } from '../../lib/generation-words.ts'
import { reducedMotion, useMediaQuery } from '../../lib/media-query.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { endPreview, setActivePreview, useIsActivePreview } from './active-preview.ts'
import { Slate } from './slate.tsx'

export interface TileProps {
  generation: Generation
  /** Which of its outputs, from 0. */
  output: number
  selected: boolean
  onCancel: (generation: Generation) => void
  onTryAgain: (generation: Generation) => void
}

/** One picture of the contact sheet, or its slate while it is made, or why there is none. */
export function Tile({ generation, output, selected, onCancel, onTryAgain }: TileProps) {
  const asset = generation.outputs[output]
  const key = `${generation.id}:${output}`
  const still = useMediaQuery(reducedMotion)
  const plays = useIsActivePreview(key) && !still && Boolean(asset?.urls.preview)
  const ended = isFinal(generation.state) && generation.state !== 'delivered'
  const first = output === 0

  return (
    <article
      aria-label={`${phaseWords(generation)}: ${shorten(generation.prompt, 80)}`}
      className="flex h-full flex-col"
      onPointerEnter={(event) => {
        if (event.pointerType === 'mouse' && asset) setActivePreview(key)
      }}
      onPointerLeave={() => endPreview(key)}
    >
      <div
        className={classes(
          'relative min-h-0 flex-1 overflow-hidden rounded-media bg-panel',
          !asset && 'border border-line',
          generation.state === 'uncertain' && 'border-dashed !border-tungsten',
          ended && generation.state !== 'canceled' && '!border-cut/60',
          selected && 'outline-2 outline-offset-2 outline-ink',
        )}
      >
        <Link
          to="/studio/g/$generationId"
          params={{ generationId: generation.id }}
          search={output > 0 ? { output } : {}}
          data-tile={key}
          aria-label={`Open: ${shorten(generation.prompt, 80)}`}
          aria-current={selected ? 'true' : undefined}
          className="absolute inset-0 z-10 rounded-media focus-visible:-outline-offset-2"
          onFocus={(event) => {
            if (asset && event.currentTarget.matches(':focus-visible')) setActivePreview(key)
          }}
          onBlur={() => endPreview(key)}
        />
        {asset ? (
          <Picture asset={asset} generation={generation} plays={plays} />
        ) : ended ? (
          <Ended generation={generation} />
        ) : (
          <Slate generation={generation} />
        )}
        {first && generation.can_cancel && !isFinal(generation.state) ? (
          <Button
            look="quiet"
            size="small"
            className="absolute right-1 bottom-4 z-20"
            onClick={() => onCancel(generation)}
          >
            Cancel
          </Button>
        ) : null}
        {first && ended && generation.state !== 'blocked' ? (
          <Button
            size="small"
            className="absolute bottom-2 left-2 z-20 bg-panel"
            icon={<RotateCcw size={14} aria-hidden="true" />}
            title={`Costs at most ${generation.credits.quoted} credits, as before`}
            onClick={() => onTryAgain(generation)}
          >
            Try again
          </Button>
        ) : null}
      </div>
      <Caption generation={generation} asset={asset} output={output} />
    </article>
  )
}

function Picture({ asset, generation, plays }: { asset: Asset; generation: Generation; plays: boolean }) {
  const asked = useRef(false)
  // Addresses of media expire: one that no longer answers is asked for again, once.
  const renew = () => {
    if (asked.current) return
    asked.current = true
    void refreshGeneration(generation.id)
  }
  return (
    <>
      {asset.urls.poster ? (
        <img
          src={asset.urls.poster}
          width={asset.width}
          height={asset.height}
          alt=""
          loading="lazy"
          decoding="async"
          onError={renew}
          className="absolute inset-0 h-full w-full object-cover"
        />
      ) : null}
      {plays && asset.urls.preview ? (
        <video
          src={asset.urls.preview}
          muted
          loop
          autoPlay
          playsInline
          disablePictureInPicture
          aria-hidden="true"
          tabIndex={-1}
          onCanPlay={(event) => {
            // React sets `muted` too late for the attribute that lets a video start by itself.
            if (event.currentTarget.paused) event.currentTarget.play().catch(() => undefined)
          }}
          onError={renew}
          className="absolute inset-0 h-full w-full object-cover"
        />
      ) : null}
    </>
  )
}

function Ended({ generation }: { generation: Generation }) {
  const canceled = generation.state === 'canceled'
  const Icon = canceled ? CircleSlash : CircleAlert
  return (
    <div className="flex h-full flex-col gap-1 p-3 text-small">
      <p className={classes('flex items-center gap-1.5 font-medium', canceled ? 'text-dim' : 'text-cut-ink')}>
        <Icon size={16} aria-hidden="true" />
        {phaseWords(generation)}
      </p>
      {generation.fault && !canceled ? (
        <p className="line-clamp-3 text-dim" title={generation.fault.message}>
          {withoutCharge(generation.fault.message)}
        </p>
      ) : null}
      <p>{chargeWords(generation)}</p>
    </div>
  )
}

/** The line below says what it cost; in a small tile the same words twice would hide the reason. */
function withoutCharge(message: string): string {
  return message.replace(/\s*Nothing (?:was|is) charged\.?/i, '')
}

function Caption({
  generation,
  asset,
  output,
}: {
  generation: Generation
  asset: Asset | undefined
  output: number
}) {
  return (
    <div className="h-11 flex-none overflow-hidden pt-1.5 text-small">
      <p className="truncate" title={generation.prompt}>
        {generation.prompt}
      </p>
      <p className="flex gap-x-2 overflow-hidden whitespace-nowrap text-dim">
        <span className="numbers">{clock(generation.seconds)}</span>
        {generation.n > 1 ? (
          <span>
            {output + 1} of {generation.n}
          </span>
        ) : null}
        {asset?.deletes_at ? <Expiry deletesAt={asset.deletes_at} /> : null}
      </p>
    </div>
  )
}

function Expiry({ deletesAt }: { deletesAt: string }) {
  const nowMs = useNow(60_000)
  return <span className="truncate">{deletesIn(deletesAt, nowMs)}</span>
}
