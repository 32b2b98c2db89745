import type { Asset } from '@backlot/contract'
import { ImagePlus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { announce } from '../../lib/announce.ts'
import { call, sentenceOf } from '../../lib/api.ts'
import { IconButton } from '../../ui/button.tsx'
import type { Reference } from './draft.ts'
import { referenceFault, referenceTypes } from './reference-file.ts'

/** Uploads an image and answers what the composer needs to know of it. */
export function useReferenceUpload(
  onReference: (reference: Reference) => void,
  onFault: (fault: string) => void,
) {
  const [uploading, setUploading] = useState(false)

  async function upload(file: File): Promise<void> {
    const fault = referenceFault(file)
    if (fault) return onFault(fault)
    setUploading(true)
    try {
      const asset = await call<Asset>(`/v1/uploads?file_name=${encodeURIComponent(file.name.slice(-200))}`, {
        method: 'POST',
        body: file,
        headers: { 'content-type': file.type },
      })
      onReference({ id: asset.id, url: asset.urls.poster ?? asset.urls.content, name: asset.file_name })
      announce('The reference image is ready.')
    } catch (error) {
      onFault(sentenceOf(error))
    } finally {
      setUploading(false)
    }
  }

  return { uploading, upload }
}

/** The place of the reference image: empty (drop, paste, pick), on its way, or filled. */
export function ReferenceSlot({
  reference,
  uploading,
  onPick,
  onRemove,
}: {
  reference: Reference | null
  uploading: boolean
  onPick: (file: File) => void
  onRemove: () => void
}) {
  const input = useRef<HTMLInputElement>(null)
  if (reference) {
    return (
      <div className="relative h-20 w-20 flex-none">
        <img
          src={reference.url}
          alt={`Reference: ${reference.name}`}
          className="h-full w-full rounded-control border border-line bg-raised object-cover"
        />
        <IconButton
          label="Remove the reference image"
          icon={<X size={16} aria-hidden="true" />}
          onClick={onRemove}
          className="absolute -top-2 -right-2 border border-line bg-panel"
        />
      </div>
    )
  }
  return (
    <>
      <button
        type="button"
        disabled={uploading}
        onClick={() => input.current?.click()}
        title="Drop, paste or pick one PNG, JPEG or WebP image"
        className="flex h-20 w-20 flex-none flex-col items-center justify-center gap-1 rounded-control border border-dashed border-edge text-small text-dim hover:text-ink"
      >
        <ImagePlus size={18} aria-hidden="true" />
        {uploading ? 'Uploading…' : 'Reference'}
      </button>
      <input
        ref={input}
        type="file"
        accept={referenceTypes.join(',')}
        className="hidden"
        aria-label="Reference image"
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) onPick(file)
        }}
      />
    </>
  )
}
