import type { Generation } from '@backlot/contract'
import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, Download, RotateCcw, Trash2, WandSparkles, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { problemOf, sentenceOf } from '../../lib/api.ts'
import { generationQuery } from '../../lib/generation-cache.ts'
import { isFinal, shorten } from '../../lib/generation-words.ts'
import { usePageTitle } from '../../lib/page-title.ts'
import { Button, buttonClass, IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section, Waiting } from '../../ui/panel.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { PriceFacts, ProvenanceFacts, SettingsFacts, TechnicalFacts } from './inspector-facts.tsx'
import { Media, Outputs, WhyNothing } from './inspector-media.tsx'
import { Slate } from './slate.tsx'

interface InspectorProps {
  generationId: string
  output: number
  onClose: () => void
  onUseAgain: (generation: Generation) => void
  onTryAgain: (generation: Generation) => void
  onCancel: (generation: Generation) => void
}

/** One generation: beside the contact sheet on a wide screen, a page of its own on a phone. */
export function Inspector(props: InspectorProps) {
  const { generationId, onClose } = props
  const { data: generation, error, refetch } = useQuery(generationQuery(generationId))
  const heading = useRef<HTMLHeadingElement>(null)
  usePageTitle(generation ? shorten(generation.prompt, 40) : 'Generation')

  // biome-ignore lint/correctness/useExhaustiveDependencies: another generation is another page for those who listen
  useEffect(() => heading.current?.focus(), [generationId])

  return (
    <section
      aria-label="Generation"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || document.querySelector('dialog[open]')) return
        event.preventDefault()
        onClose()
      }}
      className="h-full min-w-0 overflow-y-auto border-line lg:border-l"
    >
      <div className="sticky top-0 z-20 flex items-center gap-2 border-b border-line bg-stage px-2 py-1 lg:px-4">
        <IconButton
          label="Back to the library"
          icon={<ArrowLeft size={20} aria-hidden="true" />}
          onClick={onClose}
          className="lg:hidden"
        />
        <h2 ref={heading} tabIndex={-1} className="min-w-0 flex-1 truncate font-medium">
          {generation ? generation.prompt : 'Generation'}
        </h2>
        <IconButton
          label="Close"
          icon={<X size={18} aria-hidden="true" />}
          onClick={onClose}
          className="max-lg:hidden"
        />
      </div>
      <div className="px-4 pt-4 pb-10">
        {generation ? (
          <Content {...props} generation={generation} />
        ) : error ? (
          <Notice look="fault">
            <p>
              {problemOf(error)?.code === 'not_found'
                ? 'This generation does not exist any more, or belongs to another account.'
                : sentenceOf(error)}
            </p>
            <div className="mt-3 flex gap-3">
              <Button onClick={() => void refetch()}>Try again</Button>
              <Button look="quiet" onClick={onClose}>
                Back to the library
              </Button>
            </div>
          </Notice>
        ) : (
          <Waiting label="Fetching the generation…" lines={6} />
        )}
      </div>
    </section>
  )
}

function Content({
  generation,
  output,
  onUseAgain,
  onTryAgain,
  onCancel,
  onClose,
}: InspectorProps & { generation: Generation }) {
  const [deleting, setDeleting] = useState(false)
  const asset = generation.outputs[Math.min(output, Math.max(0, generation.outputs.length - 1))]
  const ended = isFinal(generation.state)

  return (
    <>
      {asset ? (
        <Media asset={asset} generation={generation} />
      ) : (
        <div
          className="overflow-hidden rounded-media border border-line bg-panel"
          style={{ aspectRatio: `${generation.width} / ${generation.height}`, maxHeight: '50dvh' }}
        >
          {ended ? <WhyNothing generation={generation} /> : <Slate generation={generation} />}
        </div>
      )}

      <Outputs generation={generation} shown={asset} />

      <div className="my-4 flex flex-wrap gap-2">
        {asset ? (
          <a
            href={withDownload(asset.urls.content)}
            download={asset.file_name}
            className={buttonClass('primary')}
          >
            <Download size={16} aria-hidden="true" />
            Download
          </a>
        ) : null}
        {ended && generation.state !== 'delivered' && generation.state !== 'blocked' ? (
          <Button
            look="primary"
            icon={<RotateCcw size={16} aria-hidden="true" />}
            onClick={() => onTryAgain(generation)}
          >
            Try again · {generation.credits.quoted} credits
          </Button>
        ) : null}
        <Button icon={<WandSparkles size={16} aria-hidden="true" />} onClick={() => onUseAgain(generation)}>
          Use these settings again
        </Button>
        {ended ? (
          <Button
            look="quiet"
            icon={<Trash2 size={16} aria-hidden="true" />}
            onClick={() => setDeleting(true)}
          >
            Delete
          </Button>
        ) : generation.can_cancel ? (
          <Button look="quiet" onClick={() => onCancel(generation)}>
            Cancel · {generation.credits.held} credits come back
          </Button>
        ) : null}
      </div>

      <Section title="Prompt" actions={<CopyButton text={generation.prompt} label="Copy prompt" />}>
        <p className="break-words whitespace-pre-wrap">{generation.prompt}</p>
      </Section>
      <Section title="Settings">
        <SettingsFacts generation={generation} />
      </Section>
      <Section title="Price">
        <PriceFacts generation={generation} />
      </Section>
      {asset ? (
        <>
          <Section title="File">
            <TechnicalFacts asset={asset} />
          </Section>
          <Section title="Provenance">
            <ProvenanceFacts asset={asset} />
          </Section>
        </>
      ) : null}
      {deleting ? (
        <DeleteDialog
          generation={generation}
          onClose={() => setDeleting(false)}
          onDeleted={() => {
            setDeleting(false)
            onClose()
          }}
        />
      ) : null}
    </>
  )
}

function withDownload(url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}download=1`
}
