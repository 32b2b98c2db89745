import { type FormEvent, useState } from 'react'
import { ApiError, sentenceOf } from './api.ts'

/** State of a form that is sent once per press: what it waits for and what was wrong. */
export function useSubmit(send: (fields: FormData, form: HTMLFormElement) => Promise<void>) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  async function onSubmit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (busy) return
    const form = event.currentTarget
    setBusy(true)
    setError(null)
    try {
      await send(new FormData(form), form)
    } catch (thrown) {
      setError(thrown)
      // The first field that is wrong takes the focus, so that people find it with eyes or ears.
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
    } finally {
      setBusy(false)
    }
  }

  return {
    busy,
    onSubmit: (event: FormEvent<HTMLFormElement>) => void onSubmit(event),
    fault: (field: string) => (error instanceof ApiError ? error.fieldMessage(field) : undefined),
    /** The whole sentence, unless every word of it already stands beside a field. */
    sentence: error === null ? null : sentenceOf(error),
    error,
  }
}

/** The text of a field; an empty one is left out of the request. */
export function textOf(fields: FormData, name: string): string | undefined {
  const value = fields.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}
