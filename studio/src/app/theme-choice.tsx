import { setTheme, type Theme, useTheme } from '../lib/theme.ts'

const choices: readonly { value: Theme; label: string }[] = [
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
  { value: 'system', label: 'System' },
]

export function ThemeChoice() {
  const theme = useTheme()
  return (
    <fieldset className="px-3">
      <legend className="mb-1 text-small text-dim">Theme</legend>
      <div className="flex gap-1">
        {choices.map(({ value, label }) => (
          <label
            key={value}
            className="flex min-h-11 flex-1 cursor-pointer items-center justify-center rounded-control border border-transparent text-dim has-checked:border-edge has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-tungsten lg:min-h-9"
          >
            <input
              type="radio"
              name="theme"
              value={value}
              checked={theme === value}
              onChange={() => setTheme(value)}
              className="sr-only"
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
