import { ChevronLeft, ChevronRight, Maximize, Pause, Play, Repeat, Volume2, VolumeX } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { IconButton } from './button.tsx'
import { classes } from './classes.ts'
import { frameAt, frameRateDefault, lastFrame, middleOfFrame, timeCode } from './time-code.ts'

interface VideoPlayerProps {
  src: string
  poster: string | null
  width: number
  height: number
  frameRate: number | null
  durationMs: number | null
  hasSound: boolean
  label: string
  /** The address no longer answers, or the browser cannot play what it got. */
  onFailed: () => void
}

/** A player that knows frames: seek, step one frame, read the time code. Its box has the true shape from the start. */
export function VideoPlayer(props: VideoPlayerProps) {
  const { src, poster, width, height, hasSound, label, onFailed } = props
  const video = useRef<HTMLVideoElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const [playing, setPlaying] = useState(false)
  const [muted, setMuted] = useState(false)
  const [loop, setLoop] = useState(true)
  const [position, setPosition] = useState(0)
  const [duration, setDuration] = useState((props.durationMs ?? 0) / 1000)
  const frameRate = props.frameRate ?? frameRateDefault
  const last = lastFrame(duration, frameRate)
  const frame = Math.min(last, frameAt(position, frameRate))

  useEffect(() => {
    const element = video.current
    if (!element) return
    let handle = 0
    const follow = () => {
      setPosition(element.currentTime)
      handle = requestAnimationFrame(follow)
    }
    if (playing) handle = requestAnimationFrame(follow)
    return () => cancelAnimationFrame(handle)
  }, [playing])

  function toggle(): void {
    const element = video.current
    if (!element) return
    if (element.paused) element.play().catch(() => setPlaying(false))
    else element.pause()
  }

  function seek(seconds: number): void {
    const element = video.current
    if (!element) return
    element.currentTime = Math.min(duration, Math.max(0, seconds))
    setPosition(element.currentTime)
  }

  function step(frames: number): void {
    video.current?.pause()
    seek(middleOfFrame(Math.min(last, Math.max(0, frame + frames)), frameRate))
  }

  function fullScreen(): void {
    if (document.fullscreenElement) void document.exitFullscreen()
    else void box.current?.requestFullscreen?.()
  }

  const actions: Record<string, () => void> = {
    k: toggle,
    ' ': toggle,
    ',': () => step(-1),
    '.': () => step(1),
    j: () => seek(position - 1),
    l: () => seek(position + 1),
    m: () => setMuted((value) => !value),
    f: fullScreen,
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    // Space presses the button that has the focus.
    if (event.key === ' ' && event.target instanceof HTMLButtonElement) return
    const action = actions[event.key.toLowerCase()]
    if (!action) return
    event.preventDefault()
    action()
  }

  return (
    <section ref={box} aria-label={label} onKeyDown={onKeyDown} className="flex flex-col bg-stage">
      <div
        className="relative flex min-h-0 flex-1 items-center justify-center overflow-hidden rounded-media bg-panel"
        style={{ aspectRatio: `${width} / ${height}`, maxHeight: '62dvh' }}
      >
        <video
          ref={video}
          src={src}
          poster={poster ?? undefined}
          muted={muted}
          loop={loop}
          playsInline
          preload="metadata"
          aria-label={label}
          onClick={toggle}
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onTimeUpdate={(event) => setPosition(event.currentTarget.currentTime)}
          onLoadedMetadata={(event) => {
            if (Number.isFinite(event.currentTarget.duration)) setDuration(event.currentTarget.duration)
          }}
          onError={onFailed}
          className="h-full w-full object-contain"
        />
      </div>
      <div className="flex items-center gap-3 pt-2">
        <input
          type="range"
          min={0}
          max={Math.max(1, last)}
          step={1}
          value={frame}
          aria-label="Position"
          aria-valuetext={`${timeCode(position, frameRate)} of ${timeCode(duration, frameRate)}`}
          onChange={(event) => seek(middleOfFrame(Number(event.target.value), frameRate))}
          className="h-11 min-w-0 flex-1 accent-tungsten lg:h-8"
        />
        <p className="numbers text-small whitespace-nowrap" data-time-code="">
          {timeCode(position, frameRate)}
          <span className="text-dim"> / {timeCode(duration, frameRate)}</span>
        </p>
      </div>
      <div className="-mx-2 flex items-center">
        <IconButton
          label={playing ? 'Pause' : 'Play'}
          icon={playing ? <Pause size={20} aria-hidden="true" /> : <Play size={20} aria-hidden="true" />}
          onClick={toggle}
          className="text-ink"
        />
        <IconButton
          label="One frame back"
          icon={<ChevronLeft size={20} aria-hidden="true" />}
          onClick={() => step(-1)}
        />
        <IconButton
          label="One frame on"
          icon={<ChevronRight size={20} aria-hidden="true" />}
          onClick={() => step(1)}
        />
        <span className="flex-1" />
        {hasSound ? (
          <IconButton
            label={muted ? 'Sound on' : 'Sound off'}
            icon={muted ? <VolumeX size={18} aria-hidden="true" /> : <Volume2 size={18} aria-hidden="true" />}
            onClick={() => setMuted((value) => !value)}
          />
        ) : null}
        <IconButton
          label="Repeat"
          aria-pressed={loop}
          icon={<Repeat size={18} aria-hidden="true" />}
          onClick={() => setLoop((value) => !value)}
          className={classes(loop && 'text-ink')}
        />
        <IconButton
          label="Full screen"
          icon={<Maximize size={18} aria-hidden="true" />}
          onClick={fullScreen}
        />
      </div>
    </section>
  )
}
