const locale = 'en-GB'
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
const fine = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 })
const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })

/** `1 credit`, `42 credits`, `1,200 credits`. */
export function credits(amount: number): string {
  return `${count(amount)} ${Math.abs(amount) === 1 ? 'credit' : 'credits'}`
}

/** A whole number with separators and a real minus sign. */
export function count(amount: number): string {
  return whole.format(amount).replace('-', '−')
}

/** A price that may have a fraction: `1`, `0.25`. */
export function price(amount: number): string {
  return fine.format(amount)
}

/** A change with its sign: `+100`, `−4`, `0`. */
export function signed(amount: number): string {
  return amount > 0 ? `+${count(amount)}` : count(amount)
}

/** Time that passed, as a clock: `0:07`, `12:40`, `1:02:03`. */
export function clock(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const rest = String(total % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** A guess in words, no finer than it deserves: `a few seconds`, `about 50 s`, `about 3 min`. */
export function aboutDuration(seconds: number): string {
  if (seconds < 4) return 'a few seconds'
  if (seconds < 20) return `about ${Math.round(seconds)} s`
  if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} s`
  if (seconds < 90 * 60) return `about ${Math.round(seconds / 60)} min`
  return `about ${oneDecimal.format(seconds / 3600)} h`
}

const dayMs = 86_400_000
const hourMs = 3_600_000

/** When a file goes: `deletes in 5 days`, `deletes in 3 hours`, `deletes within the hour`. */
export function deletesIn(deletesAt: string, nowMs: number): string {
  const leftMs = Date.parse(deletesAt) - nowMs
  if (leftMs <= 0) return 'being deleted'
  if (leftMs < hourMs) return 'deletes within the hour'
  if (leftMs < 2 * dayMs) return `deletes in ${plural(Math.round(leftMs / hourMs), 'hour')}`
  return `deletes in ${plural(Math.round(leftMs / dayMs), 'day')}`
}

/** `1 day`, `5 days`. */
export function plural(amount: number, noun: string): string {
  return `${count(amount)} ${noun}${amount === 1 ? '' : 's'}`
}

/** `20 December`, with the year when it is not this one. */
export function dayInWords(iso: string, nowMs: number): string {
  const date = new Date(iso)
  const sameYear = date.getFullYear() === new Date(nowMs).getFullYear()
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(date)
}

/** `20 Nov 2026, 13:04`. */
export function dateTime(iso: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))
}

/** How long ago, roughly: `just now`, `5 min ago`, `3 hours ago`, then the date. */
export function ago(iso: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(iso)) / 1000
  if (seconds < 60) return 'just now'
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${plural(Math.floor(seconds / 3600), 'hour')} ago`
  if (seconds < 7 * 86_400) return `${plural(Math.floor(seconds / 86_400), 'day')} ago`
  return dateTime(iso)
}

/** `1.4 MB`; decimal units, as file managers show them. */
export function bytes(amount: number): string {
  if (amount < 1000) return `${amount} B`
  if (amount < 1_000_000) return `${oneDecimal.format(amount / 1000)} kB`
  if (amount < 1_000_000_000) return `${oneDecimal.format(amount / 1_000_000)} MB`
  return `${oneDecimal.format(amount / 1_000_000_000)} GB`
}

/** Bits per second as `2.4 Mbit/s`. */
export function bitrate(bitsPerSecond: number): string {
  return bitsPerSecond < 1_000_000
    ? `${whole.format(bitsPerSecond / 1000)} kbit/s`
    : `${oneDecimal.format(bitsPerSecond / 1_000_000)} Mbit/s`
}

/** `4 s`, `4.2 s`. */
export function seconds(amount: number): string {
  return `${oneDecimal.format(amount)} s`
}
