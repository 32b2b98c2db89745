/**
 * Words for people who do not see the screen change. One polite region of the page shell speaks them; a message
 * replaces the one before it, so a burst of events says only how it ended.
 */
type Listener = (message: string) => void
let listener: Listener | null = null

export function announce(message: string): void {
  listener?.(message)
}

export function listenToAnnouncements(next: Listener): () => void {
  listener = next
  return () => {
    if (listener === next) listener = null
  }
}
