import type { Asset, Generation } from '@backlot/contract'
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import { refreshGeneration } from '../../lib/generation-cache.ts'
import { chargeWords, phaseWords, shorten } from '../../lib/generation-words.ts'
import { VideoPlayer } from '../../ui/video-player.tsx'

/** The outputs of one generation, small, to choose from. */
export function Outputs({ generation, shown }: { generation: Generation; shown: Asset | undefined }) {
  if (generation.outputs.length < 2) return null
  return (
    <nav aria-label="Outputs" className="mt-3 flex gap-2 overflow-x-auto p-1">
      {generation.outputs.map((each, index) => (
        <Link
          key={each.id}
          to="/studio/g/$generationId"
          params={{ generationId: generation.id }}
          search={index > 0 ? { output: index } : {}}
          replace
          aria-label={`Output ${index + 1}`}
          aria-current={each === shown ? 'true' : undefined}
          className="block h-14 flex-none overflow-hidden rounded-control opacity-60 aria-[current=true]:opacity-100 aria-[current=true]:outline-2 aria-[current=true]:outline-ink"
        >
          {each.urls.poster ? (
            <img
              src={each.urls.poster}
              alt=""
              width={each.width}
              height={each.height}
              className="h-full w-auto"
            />
          ) : (
            <span className="flex h-full items-center px-4">{index + 1}</span>
          )}
        </Link>
      ))}
    </nav>
  )
}

export function Media({ asset, generation }: { asset: Asset; generation: Generation }) {
  const renewed = useRef(false)
  return (
    <VideoPlayer
      key={asset.id}
      src={asset.urls.web ?? asset.urls.content}
      poster={asset.urls.poster}
      width={asset.width}
      height={asset.height}
      frameRate={asset.frame_rate}
      durationMs={asset.duration_ms}
      hasSound={asset.audio_codec !== null}
      label={`Video: ${shorten(generation.prompt, 80)}`}
      onFailed={() => {
        // Addresses of media expire: ask for fresh ones, once.
        if (renewed.current) return
        renewed.current = true
        void refreshGeneration(generation.id)
      }}
    />
  )
}

export function WhyNothing({ generation }: { generation: Generation }) {
  return (
    <div className="flex h-full flex-col justify-center gap-2 overflow-auto p-5">
      <p className={generation.state === 'canceled' ? 'font-medium' : 'font-medium text-cut-ink'}>
        {phaseWords(generation)}
      </p>
      {generation.fault ? <p>{generation.fault.message}</p> : null}
      <p className="text-dim">{chargeWords(generation)}</p>
    </div>
  )
}
