import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { classes } from './classes.ts'

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger'

const looks: Record<ButtonLook, string> = {
  primary:
    'bg-tungsten text-on-tungsten font-semibold hover:bg-tungsten-strong disabled:bg-raised disabled:text-dim disabled:border disabled:border-line',
  plain: 'border border-edge text-ink hover:bg-raised disabled:text-dim disabled:border-line',
  quiet: 'text-dim hover:text-ink hover:bg-raised disabled:text-dim',
  danger:
    'border border-cut text-cut-ink hover:bg-cut hover:text-on-cut disabled:text-dim disabled:border-line',
}

const sizes = { normal: 'px-4 lg:min-h-10', small: 'px-2.5 text-small lg:min-h-8' }

/** Shape of everything that is pressed; links that look like buttons use it too. */
export function buttonClass(
  look: ButtonLook = 'plain',
  extra?: string,
  size: keyof typeof sizes = 'normal',
): string {
  return classes(
    'inline-flex min-h-11 items-center justify-center gap-2 rounded-control whitespace-nowrap select-none transition-colors duration-100 disabled:cursor-not-allowed aria-disabled:cursor-not-allowed',
    sizes[size],
    looks[look],
    extra,
  )
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: ButtonLook
  /** `small` stands inside a picture or a line of text; on a touch screen it is as tall as the others. */
  size?: keyof typeof sizes
  /** Words that stand in for the label while the press is being carried out. */
  busyLabel?: string | false | undefined
  icon?: ReactNode
}

export function Button({
  look = 'plain',
  size = 'normal',
  busyLabel,
  icon,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || Boolean(busyLabel)}
      aria-busy={busyLabel ? true : undefined}
      className={buttonClass(look, className, size)}
    >
      {icon}
      {busyLabel || children}
    </button>
  )
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** The accessible name, shown as a tip too. */
  label: string
  icon: ReactNode
}

export function IconButton({ label, icon, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      className={classes(
        'inline-flex size-11 flex-none items-center justify-center rounded-control text-dim transition-colors duration-100 hover:bg-raised hover:text-ink disabled:opacity-50 lg:size-9',
        className,
      )}
    >
      {icon}
    </button>
  )
}
