import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { SlidersHorizontal } from 'lucide-react'
import { type ClipboardEvent, type DragEvent, type FormEvent, useEffect, useRef, useState } from 'react'
import { ApiError, problemOf, sentenceOf } from '../../lib/api.ts'
import { useSettled } from '../../lib/clocks.ts'
import { credits, plural } from '../../lib/format.ts'
import { modelsQuery } from '../../lib/queries.ts'
import { queryClient } from '../../lib/query-client.ts'
import { useShortcuts } from '../../lib/shortcuts.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Notice } from '../../ui/notice.tsx'
import { Controls } from './controls.tsx'
import { fitToModel, setDraft, toQuoteRequest, toRequest, useDraft } from './draft.ts'
import { ModelPicker } from './model-picker.tsx'
import { PriceLine } from './price-line.tsx'
import { PromptField } from './prompt-field.tsx'
import { ReferenceSlot, useReferenceUpload } from './reference-slot.tsx'
import { forgetQuotes, quoteOptions, submit } from './submit.ts'

/** The console at the bottom of the studio: prompt, reference, model, settings, and a button that names its price. */
export function Composer() {
  const draft = useDraft()
  const { data: models, isError: modelsFailed, refetch: askForModels } = useQuery(modelsQuery)
  const model = models?.find((each) => each.id === draft.model) ?? models?.[0]
  const [expanded, setExpanded] = useState(false)
  const [dropping, setDropping] = useState(false)
  const [sending, setSending] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const prompt = useRef<HTMLTextAreaElement>(null)
  // Kept free until the models are known, so that the prompt does not move when they are.
  const takesReference = model?.capabilities.image_roles.includes('reference') ?? true
  const { uploading, upload } = useReferenceUpload(
    (reference) => setDraft({ reference }),
    (fault) => setError(fault),
  )
  useShortcuts({ '/': () => prompt.current?.focus() })

  // A draft from an earlier visit may name what its model no longer does.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another model moves the settings by itself
  useEffect(() => {
    if (model) setDraft(fitToModel(draft, model))
  }, [model])

  const settled = useSettled(JSON.stringify(toQuoteRequest(draft)), 120)
  const quote = useQuery({
    ...quoteOptions(JSON.parse(settled) as object),
    // Until the models are known, the draft may name none.
    enabled: Boolean(model) && !settled.includes('"model":""'),
    placeholderData: keepPreviousData,
  })
  const price = quote.data
  const tooExpensive = price !== undefined && price.credits_after < 0
  const charactersMax = model?.capabilities.prompt_characters_max ?? 4000
  const tooLong = [...draft.prompt.trim()].length > charactersMax

  async function generate(): Promise<void> {
    if (sending || !model || uploading) return
    if (draft.prompt.trim() === '') {
      setError('Write a prompt first: one sentence is enough.')
      prompt.current?.focus()
      return
    }
    setSending(true)
    setError(null)
    try {
      // The price of exactly these settings, even if the button was pressed before the line above it caught up.
      const agreed = await queryClient.fetchQuery(quoteOptions(toQuoteRequest(draft)))
      await submit({ ...toRequest(draft), max_cost: agreed.credits, price_version: agreed.price_version })
    } catch (thrown) {
      setError(thrown)
      const code = problemOf(thrown)?.code
      if (code === 'quote_changed' || code === 'max_cost_exceeded') forgetQuotes()
      if (code === 'prompt_blocked' || code === 'request_invalid') prompt.current?.focus()
    } finally {
      setSending(false)
    }
  }

  const fault = (field: string) => (error instanceof ApiError ? error.fieldMessage(field) : undefined)
  const files = (list: DataTransfer) => [...list.files].find((file) => file.type.startsWith('image/'))

  return (
    <form
      aria-label="New generation"
      className={classes(
        '@container relative flex-none border-t bg-panel px-4 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] lg:px-6',
        dropping ? 'border-tungsten' : 'border-line',
      )}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void generate()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault()
          void generate()
        }
      }}
      onDragOver={(event: DragEvent) => {
        if (!takesReference || !event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setDropping(true)
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={(event: DragEvent) => {
        event.preventDefault()
        setDropping(false)
        const file = event.dataTransfer.files[0]
        if (file && takesReference) void upload(file)
      }}
      onPaste={(event: ClipboardEvent) => {
        const file = files(event.clipboardData)
        if (!file || !takesReference) return
        event.preventDefault()
        void upload(file)
      }}
    >
      <div className="mx-auto max-w-7xl">
        {error !== null ? (
          <Notice look="fault" className="mb-3">
            {typeof error === 'string' ? error : sentenceOf(error)}
          </Notice>
        ) : null}

        <div className="grid grid-cols-[auto_1fr] gap-3 @2xl:grid-cols-[auto_1fr_auto]">
          {takesReference ? (
            <div className={classes(expanded ? 'block' : 'hidden', '@2xl:block')}>
              <ReferenceSlot
                reference={draft.reference}
                uploading={uploading}
                onPick={(file) => void upload(file)}
                onRemove={() => setDraft({ reference: null })}
              />
            </div>
          ) : null}
          <div className={classes('min-w-0', expanded && takesReference ? '' : '@max-2xl:col-span-2')}>
            <PromptField
              ref={prompt}
              value={draft.prompt}
              charactersMax={charactersMax}
              fault={
                fault('prompt') ?? (tooLong ? `At most ${plural(charactersMax, 'character')}.` : undefined)
              }
              onChange={(text) => {
                if (error !== null) setError(null)
                setDraft({ prompt: text })
              }}
            />
          </div>
          <div
            id="composer-settings"
            className={classes(
              expanded ? 'flex' : 'hidden',
              'col-span-2 flex-wrap items-center gap-2 @2xl:order-last @2xl:col-span-3 @2xl:flex',
            )}
          >
            {model && models ? (
              <>
                <ModelPicker
                  models={models}
                  draft={draft}
                  onPick={(picked) => setDraft(fitToModel(draft, picked))}
                />
                <Controls model={model} draft={draft} onChange={setDraft} fault={fault} />
              </>
            ) : modelsFailed ? (
              <p role="alert" className="flex flex-wrap items-center gap-3 text-cut-ink">
                The models could not be loaded.
                <Button size="small" onClick={() => void askForModels()}>
                  Ask again
                </Button>
              </p>
            ) : (
              <p role="status" className="flex min-h-11 items-center text-dim @2xl:min-h-9">
                Asking which models there are…
              </p>
            )}
          </div>
          <div className="col-span-2 flex flex-wrap items-center gap-x-3 gap-y-2 @2xl:col-span-1 @2xl:w-52 @2xl:flex-col @2xl:items-stretch">
            <button
              type="button"
              aria-expanded={expanded}
              aria-controls="composer-settings"
              onClick={() => setExpanded((value) => !value)}
              className="inline-flex min-h-11 min-w-0 items-center gap-2 rounded-control border border-edge px-3 text-small @2xl:hidden"
            >
              <SlidersHorizontal size={16} aria-hidden="true" />
              <span className="sr-only">Settings:</span>
              <span className="truncate">
                {model?.name ?? 'Model'} · {draft.aspect_ratio} · {draft.seconds} s
              </span>
            </button>
            <Button
              type="submit"
              look="primary"
              className="@max-2xl:ml-auto @max-2xl:min-w-[11.5rem]"
              disabled={!model || tooExpensive || tooLong || uploading}
              busyLabel={sending && 'Sending…'}
              title="Ctrl or ⌘ + Enter"
            >
              {price ? `Generate · ${credits(price.credits)}` : 'Generate'}
            </Button>
            <div className="min-h-[1.125rem] w-full @2xl:min-h-9">
              <PriceLine quote={price} />
            </div>
          </div>
        </div>
        {tooExpensive ? (
          <p className="mt-2 text-small text-cut-ink" role="status">
            It needs {credits(price.credits)} and you have {credits(price.credits_available)}. Make it
            shorter, or see{' '}
            <Link to="/studio/credits" className="underline underline-offset-4">
              your credits
            </Link>
            .
          </p>
        ) : null}
      </div>
    </form>
  )
}
