import { Dialog } from '../ui/dialog.tsx'

const groups = [
  {
    title: 'Everywhere',
    rows: [
      ['?', 'This list'],
      ['Esc', 'Close what is open'],
    ],
  },
  {
    title: 'Studio',
    rows: [
      ['/', 'Write a prompt'],
      ['Ctrl or ⌘ + Enter', 'Generate'],
      ['← → ↑ ↓', 'Move between tiles'],
      ['Space or Enter', 'Open the tile'],
    ],
  },
  {
    title: 'One generation',
    rows: [
      ['Space or K', 'Play or pause'],
      [', and .', 'One frame back or on'],
      ['J and L', 'One second back or on'],
      ['M', 'Sound on or off'],
      ['F', 'Full screen'],
    ],
  },
] as const

export function KeyList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div className="space-y-4">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1 text-small text-dim">{group.title}</h3>
            <dl className="divide-y divide-line">
              {group.rows.map(([key, what]) => (
                <div key={key} className="flex items-baseline justify-between gap-4 py-1.5">
                  <dt className="order-2">
                    <kbd className="numbers rounded-control border border-line px-1.5 py-0.5 text-small">
                      {key}
                    </kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
