/** A clapperboard reduced to two strokes and three diagonal stripes, in the colour of the text. */
export function Mark({ size = 16 }: { size?: number }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M1.5 5.5 14.5 2.2M1.5 13.5h13M3 10.2l1.6-3.1M7 10.2l2-4M11 10.2l2.4-4.8" />
    </svg>
  )
}
