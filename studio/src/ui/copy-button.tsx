import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no')

  useEffect(() => {
    if (copied === 'no') return
    const handle = setTimeout(() => setCopied('no'), 2000)
    return () => clearTimeout(handle)
  }, [copied])

  return (
    <Button
      look="quiet"
      size="small"
      className="min-w-24"
      icon={copied === 'yes' ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
      onClick={() => {
        void copy(text).then(setCopied)
      }}
    >
      <span aria-live="polite">
        {copied === 'yes' ? 'Copied' : copied === 'refused' ? 'Select it by hand' : label}
      </span>
    </Button>
  )
}

/** The clipboard exists only on secure origins; a plain-HTTP address in the home network has none. */
async function copy(text: string): Promise<'yes' | 'refused'> {
  try {
    await navigator.clipboard.writeText(text)
    return 'yes'
  } catch {
    return 'refused'
  }
}
