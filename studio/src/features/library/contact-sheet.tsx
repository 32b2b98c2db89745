import type { Generation } from '@backlot/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { announce } from '../../lib/announce.ts'
import { sentenceOf } from '../../lib/api.ts'
import { plural } from '../../lib/format.ts'
import { generationsQuery, type PendingGeneration, pendingQuery } from '../../lib/generation-cache.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { justifiedRows, neighbour } from './justified-rows.ts'
import { PendingTile } from './pending-tile.tsx'
import { Tile } from './tile.tsx'

const gap = 12
const captionHeight = 44

type Entry =
  | { kind: 'pending'; key: string; aspect: number; pending: PendingGeneration }
  | { kind: 'generation'; key: string; aspect: number; generation: Generation; output: number }

interface ContactSheetProps {
  selected: { generationId: string; output: number } | null
  onCancel: (generation: Generation) => void
  onTryAgain: (generation: Generation) => void
  onExample: (prompt: string) => void
}

/** Everything that was made, newest first, in justified rows at true shape. */
export function ContactSheet({ selected, onCancel, onTryAgain, onExample }: ContactSheetProps) {
  const library = useInfiniteQuery(generationsQuery)
  const { data: pending } = useQuery(pendingQuery)
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const generations = library.data?.pages.flatMap((page) => page.data)

  const entries = useMemo<Entry[]>(
    () => [
      ...pending.flatMap((each) =>
        Array.from({ length: each.parameters.n }, (_, output) => ({
          kind: 'pending' as const,
          key: `${each.key}:${output}`,
          aspect: aspectOf(each.parameters.aspect_ratio),
          pending: each,
        })),
      ),
      ...(generations ?? []).flatMap((generation) =>
        Array.from({ length: tilesOf(generation) }, (_, output) => ({
          kind: 'generation' as const,
          key: `${generation.id}:${output}`,
          aspect: generation.width / generation.height,
          generation,
          output,
        })),
      ),
    ],
    [pending, generations],
  )

  const sheet = useMemo(
    () =>
      justifiedRows(
        entries.map((entry) => entry.aspect),
        { width, rowHeight: width < 640 ? 200 : 220, gap, captionHeight },
      ),
    [entries, width],
  )

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const link = (event.target as Element).closest<HTMLElement>('[data-tile]')
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === ' ') {
      event.preventDefault()
      link.click()
      return
    }
    if (!event.key.startsWith('Arrow')) return
    event.preventDefault()
    const index = entries.findIndex((entry) => entry.key === link.dataset['tile'])
    const next = entries[neighbour(sheet, index, event.key)]
    if (next) frame.current?.querySelector<HTMLElement>(`[data-tile="${next.key}"]`)?.focus()
  }

  return (
    <section
      aria-label="Contact sheet"
      aria-busy={library.isPending}
      className="lg:[scrollbar-gutter:stable] min-h-0 flex-1 overflow-y-auto px-4 pt-4 lg:pt-6 lg:pr-3 lg:pl-6"
    >
      <div ref={frame}>
        {library.isPending ? (
          <Expected width={width} />
        ) : library.isError && !generations ? (
          <Notice look="fault">
            <p>{sentenceOf(library.error)}</p>
            <Button className="mt-3" onClick={() => void library.refetch()}>
              Load the library again
            </Button>
          </Notice>
        ) : entries.length === 0 ? (
          <Empty onExample={onExample} />
        ) : (
          <ul className="relative" style={{ height: sheet.height }} onKeyDown={onKeyDown}>
            {entries.map((entry, index) => {
              const place = sheet.tiles[index]
              if (!place) return null
              return (
                <li
                  key={entry.key}
                  className="absolute"
                  style={{
                    left: place.left,
                    top: place.top,
                    width: place.width,
                    height: place.height + captionHeight,
                  }}
                >
                  {entry.kind === 'pending' ? (
                    <PendingTile pending={entry.pending} />
                  ) : (
                    <Tile
                      generation={entry.generation}
                      output={entry.output}
                      selected={
                        selected?.generationId === entry.generation.id && selected.output === entry.output
                      }
                      onCancel={onCancel}
                      onTryAgain={onTryAgain}
                    />
                  )}
                </li>
              )
            })}
          </ul>
        )}
        {library.hasNextPage ? (
          <div className="flex justify-center py-6">
            <Button
              busyLabel={library.isFetchingNextPage && 'Loading older ones…'}
              onClick={() =>
                void library.fetchNextPage().then((result) => {
                  const last = result.data?.pages.at(-1)?.data.length ?? 0
                  announce(`${plural(last, 'older generation')} loaded.`)
                })
              }
            >
              Show older ones
            </Button>
          </div>
        ) : (
          <div className="h-6" />
        )}
      </div>
    </section>
  )
}

/** A generation has as many tiles as it will have outputs, so that nothing moves when they arrive. */
function tilesOf(generation: Generation): number {
  if (generation.state === 'delivered') return Math.max(1, generation.outputs.length)
  return generation.state === 'failed' || generation.state === 'blocked' || generation.state === 'canceled'
    ? 1
    : generation.n
}

function aspectOf(ratio: string): number {
  const [width = 16, height = 9] = ratio.split(':').map(Number)
  return width / height
}

function useWidth(frame: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    setWidth(element.clientWidth)
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [frame])
  return width
}

/** The sheet before it is known: the shapes of a usual one. */
function Expected({ width }: { width: number }) {
  const sheet = justifiedRows([16 / 9, 16 / 9, 1, 16 / 9, 9 / 16, 16 / 9], {
    width,
    rowHeight: width < 640 ? 200 : 220,
    gap,
    captionHeight,
  })
  return (
    <div role="status" className="relative" style={{ height: sheet.height }}>
      <span className="sr-only">Loading your library…</span>
      {sheet.tiles.map((place, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: fixed shapes that never change places
          key={index}
          className="shimmer absolute rounded-media"
          style={{ left: place.left, top: place.top, width: place.width, height: place.height }}
        />
      ))}
    </div>
  )
}

const examplePrompt =
  'A red kite over a harbour at dawn. Slow pan from the fishing boats to the lighthouse, gulls crossing.'

function Empty({ onExample }: { onExample: (prompt: string) => void }) {
  return (
    <div className="mx-auto max-w-xl py-[10vh]">
      <h2 className="font-heading text-title font-semibold">Nothing shot yet</h2>
      <p className="mt-2 text-dim">
        Write what should happen, see the price on the button, and generate. The clip appears here and stays
        through reloads and on your other devices.
      </p>
      <figure className="mt-6 rounded-media border border-line bg-panel p-4">
        <figcaption className="text-small text-dim">A prompt to start with</figcaption>
        <blockquote className="mt-1">{examplePrompt}</blockquote>
        <Button className="mt-4" onClick={() => onExample(examplePrompt)}>
          Use this prompt
        </Button>
      </figure>
    </div>
  )
}
