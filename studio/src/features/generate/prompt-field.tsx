import { type RefObject, useId, useLayoutEffect } from 'react'
import { classes } from '../../ui/classes.ts'

const lineHeightPx = 22
const linesMax = 6
const paddingPx = 20

/** The prompt: grows with its text to six lines, then scrolls. */
export function PromptField({
  ref,
  value,
  charactersMax,
  fault,
  onChange,
}: {
  ref: RefObject<HTMLTextAreaElement | null>
  value: string
  charactersMax: number
  fault: string | undefined
  onChange: (text: string) => void
}) {
  const id = useId()
  const left = charactersMax - [...value].length

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height depends on the text
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${Math.min(element.scrollHeight, linesMax * lineHeightPx + paddingPx)}px`
  }, [value, ref])

  return (
    <div className="min-w-0 flex-1">
      <label htmlFor={id} className="sr-only">
        Prompt
      </label>
      <textarea
        ref={ref}
        id={id}
        name="prompt"
        rows={2}
        value={value}
        placeholder="What should happen? A subject, a place, a movement of the camera."
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault || left < 100 ? `${id}-about` : undefined}
        onChange={(event) => onChange(event.target.value)}
        className={classes(
          'block min-h-16 w-full resize-none rounded-control border bg-stage px-3 py-2 lg:min-h-20',
          fault ? 'border-cut' : 'border-edge',
        )}
      />
      {fault || left < 100 ? (
        <p id={`${id}-about`} className={classes('mt-1 text-small', fault ? 'text-cut-ink' : 'text-dim')}>
          {fault ?? `${left} characters left`}
        </p>
      ) : null}
    </div>
  )
}
