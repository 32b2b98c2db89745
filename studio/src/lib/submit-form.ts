import { type FormEvent, useState } from 'react'
import { ApiError, sentenceOf } from './api.ts'

/** State of a form that is sent once per press: what it waits for and what was wrong. */
export function useSubmit(send: (fields: FormData, form: HTMLFormElement) => Promise<void>) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [own, setOwn] = useState<Readonly<Record<string, string>>>({})

  async function onSubmit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (busy) return
    const form = event.currentTarget
    const faults = faultsOf(form)
    setOwn(faults)
    setError(null)
    if (Object.keys(faults).length > 0) return focusFirstFault(form)
    setBusy(true)
    try {
      await send(new FormData(form), form)
    } catch (thrown) {
      setError(thrown)
      focusFirstFault(form)
    } finally {
      setBusy(false)
    }
  }

  const fault = (field: string) =>
    own[field] ?? (error instanceof ApiError ? error.fieldMessage(field) : undefined)

  return {
    busy,
    onSubmit: (event: FormEvent<HTMLFormElement>) => void onSubmit(event),
    /** What is wrong with one field, found here or by the server. */
    fault,
    /** What the server said, in one sentence. */
    sentence: error === null ? null : sentenceOf(error),
    error,
  }
}

/** Faults that need no server, in our words rather than the browser's. */
function faultsOf(form: HTMLFormElement): Record<string, string> {
  const faults: Record<string, string> = {}
  for (const element of form.elements) {
    if (!(element instanceof HTMLInputElement) || element.name === '') continue
    const { validity } = element
    if (validity.valid) continue
    if (validity.valueMissing) {
      faults[element.name] = element.type === 'checkbox' ? 'Tick this to go on.' : 'Fill this in.'
    } else if (validity.typeMismatch) {
      faults[element.name] = 'This is not an e-mail address yet.'
    } else if (validity.tooShort) {
      faults[element.name] = `At least ${element.minLength} characters; there are ${element.value.length}.`
    }
  }
  return faults
}

/** The first field that is wrong takes the focus, so that people find it with eyes or ears. */
function focusFirstFault(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
}

/** The text of a field; an empty one is left out of the request. */
export function textOf(fields: FormData, name: string): string | undefined {
  const value = fields.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}
