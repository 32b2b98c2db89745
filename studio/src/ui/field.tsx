import { type InputHTMLAttributes, type ReactNode, useId } from 'react'
import { classes } from './classes.ts'

export const controlClass =
  'w-full min-h-11 rounded-control border border-edge bg-stage px-3 text-ink lg:min-h-10 aria-invalid:border-cut'

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> {
  label: string
  /** For codes and figures. */
  numbers?: boolean
  hint?: ReactNode
  /** What is wrong with it and how to mend it. */
  fault?: string | undefined
}

/** A labelled text field with its hint and, beside it, what is wrong with it. */
export function Field({ label, numbers = false, hint, fault, className, ...rest }: FieldProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <input
        {...rest}
        id={id}
        aria-invalid={fault ? true : undefined}
        aria-describedby={hint || fault ? `${id}-about` : undefined}
        className={classes(controlClass, numbers && 'numbers')}
      />
      {hint || fault ? (
        <p id={`${id}-about`} className={classes('mt-1 text-small', fault ? 'text-cut-ink' : 'text-dim')}>
          {fault ?? hint}
        </p>
      ) : null}
    </div>
  )
}

interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'id'> {
  children: ReactNode
  fault?: string | undefined
}

export function Checkbox({ children, fault, ...rest }: CheckboxProps) {
  const id = useId()
  return (
    <div>
      <div className="flex min-h-11 items-start gap-3 py-2 lg:min-h-0">
        <input
          {...rest}
          id={id}
          type="checkbox"
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? `${id}-fault` : undefined}
          className="mt-0.5 size-5 flex-none accent-tungsten"
        />
        <label htmlFor={id} className="text-dim">
          {children}
        </label>
      </div>
      {fault ? (
        <p id={`${id}-fault`} className="text-small text-cut-ink">
          {fault}
        </p>
      ) : null}
    </div>
  )
}
