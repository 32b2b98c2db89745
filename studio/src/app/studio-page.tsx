import type { Asset, Generation } from '@backlot/contract'
import { Outlet, useMatch, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Composer } from '../features/generate/composer.tsx'
import { fromGeneration, setDraft } from '../features/generate/draft.ts'
import { submitAgain } from '../features/generate/submit.ts'
import { ContactSheet } from '../features/library/contact-sheet.tsx'
import { announce } from '../lib/announce.ts'
import { call, sentenceOf } from '../lib/api.ts'
import { putGeneration } from '../lib/generation-cache.ts'
import { usePageTitle } from '../lib/page-title.ts'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { Notice } from '../ui/notice.tsx'
import { StudioActions } from './studio-actions.ts'

/** Create and library in one: contact sheet, composer below it, inspector beside them. */
export function StudioPage() {
  const open = useMatch({ from: '/shell/studio/g/$generationId', shouldThrow: false })
  const navigate = useNavigate()
  const [fault, setFault] = useState<string | null>(null)
  const selected = open ? { generationId: open.params.generationId, output: open.search.output ?? 0 } : null

  const attempt = (work: Promise<unknown>) => {
    setFault(null)
    work.catch((error: unknown) => setFault(sentenceOf(error)))
  }

  const actions = {
    cancel: (generation: Generation) =>
      attempt(
        call<Generation>(`/v1/generations/${encodeURIComponent(generation.id)}/cancel`, {
          method: 'POST',
        }).then(putGeneration),
      ),
    tryAgain: (generation: Generation) => attempt(submitAgain(generation)),
    useAgain: (generation: Generation) => attempt(restore(generation)),
    close: () => {
      const key = selected ? `${selected.generationId}:${selected.output}` : ''
      void navigate({ to: '/studio' }).then(() => {
        document.querySelector<HTMLElement>(`[data-tile="${CSS.escape(key)}"]`)?.focus()
      })
    },
  }

  async function restore(generation: Generation): Promise<void> {
    const reference = await referenceOf(generation)
    setDraft(fromGeneration(generation, reference))
    announce('Prompt and settings are in the composer.')
    if (!matchMedia('(min-width: 64rem)').matches) await navigate({ to: '/studio' })
    document.querySelector<HTMLTextAreaElement>('textarea[name=prompt]')?.focus()
    if (generation.reference_asset_id && !reference) {
      setFault('The reference image was deleted meanwhile. Everything else is in the composer.')
    }
  }

  return (
    <main id="main" tabIndex={-1} className="flex h-full">
      <h1 className="sr-only">Studio</h1>
      <div className={classes('min-w-0 flex-1 flex-col', selected ? 'hidden lg:flex' : 'flex')}>
        {selected ? null : <StudioTitle />}
        <ContactSheet
          selected={selected}
          onCancel={actions.cancel}
          onTryAgain={actions.tryAgain}
          onExample={(prompt) => {
            setDraft({ prompt })
            document.querySelector<HTMLTextAreaElement>('textarea[name=prompt]')?.focus()
          }}
        />
        {fault ? (
          <div className="px-4 pb-2 lg:px-6">
            <Notice look="fault">
              <div className="flex flex-wrap items-start justify-between gap-2">
                <p>{fault}</p>
                <Button look="quiet" size="small" onClick={() => setFault(null)}>
                  Dismiss
                </Button>
              </div>
            </Notice>
          </div>
        ) : null}
        <Composer />
      </div>
      {selected ? (
        <div className="w-full flex-none lg:w-[clamp(26rem,44vw,46rem)]">
          <StudioActions value={actions}>
            <Outlet />
          </StudioActions>
        </div>
      ) : null}
    </main>
  )
}

function StudioTitle() {
  usePageTitle('Studio')
  return null
}

async function referenceOf(generation: Generation) {
  if (!generation.reference_asset_id) return null
  try {
    const asset = await call<Asset>(`/v1/assets/${encodeURIComponent(generation.reference_asset_id)}`)
    return { id: asset.id, url: asset.urls.poster ?? asset.urls.content, name: asset.file_name }
  } catch {
    return null
  }
}
