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
      onClick={(event) => void copy(text, event.currentTarget).then(setCopied)}
    >
      <span aria-live="polite">
        {copied === 'yes' ? 'Copied' : copied === 'refused' ? 'Select it by hand' : label}
      </span>
    </Button>
  )
}

/**
 * The clipboard exists only on secure origins. On a plain-HTTP address in the home network the old way still works:
 * a text field beside the button (a field outside of an open dialog could not be selected).
 */
async function copy(text: string, beside: HTMLElement): Promise<'yes' | 'refused'> {
  try {
    await navigator.clipboard.writeText(text)
    return 'yes'
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    field.readOnly = true
    field.className = 'fixed top-0 left-0 size-px opacity-0'
    field.setAttribute('aria-hidden', 'true')
    beside.after(field)
    field.select()
    const done = document.execCommand('copy')
    field.remove()
    beside.focus()
    return done ? 'yes' : 'refused'
  }
}
