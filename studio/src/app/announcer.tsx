import { useEffect, useState } from 'react'
import { listenToAnnouncements } from '../lib/announce.ts'

/** The one place that speaks. Emptied after a while, so that the same words can be said again. */
export function Announcer() {
  const [message, setMessage] = useState('')
  useEffect(() => listenToAnnouncements(setMessage), [])
  useEffect(() => {
    if (message === '') return
    const handle = setTimeout(() => setMessage(''), 8000)
    return () => clearTimeout(handle)
  }, [message])
  return (
    <p role="status" aria-live="polite" className="sr-only" data-announcer="">
      {message}
    </p>
  )
}
