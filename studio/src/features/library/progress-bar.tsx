/** Thin and striped while something runs. Without a number it fills the width and only moves. */
export function ProgressBar({ progress, label }: { progress: number | null; label: string }) {
  const percent = progress === null ? null : Math.round(progress * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      className="h-1 w-full overflow-hidden rounded-control bg-line"
    >
      <div
        className="stripes h-full rounded-control transition-[width] duration-150 ease-out"
        style={{ width: percent === null ? '100%' : `${Math.max(3, percent)}%` }}
      />
    </div>
  )
}
