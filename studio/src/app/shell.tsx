import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { Coins, Keyboard, LogOut, Menu, UserRound, Wrench } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { signOut } from '../features/sign-in/session.ts'
import { count } from '../lib/format.ts'
import { useLiveUpdates } from '../lib/live.ts'
import { creditsQuery, meQuery } from '../lib/queries.ts'
import { useShortcuts } from '../lib/shortcuts.ts'
import { IconButton } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { Announcer } from './announcer.tsx'
import { KeyList } from './key-list.tsx'
import { ThemeChoice } from './theme-choice.tsx'

const navClass =
  'inline-flex min-h-11 items-center rounded-control px-3 text-dim hover:text-ink aria-[current=page]:text-ink aria-[current=page]:bg-raised lg:min-h-9'

/** The frame of everything behind the sign-in: bar on top, one main region, words for people who listen. */
export function Shell() {
  const { data: me } = useSuspenseQuery(meQuery)
  const [keysOpen, setKeysOpen] = useState(false)
  const isOperator = me.user.role === 'operator'
  useLiveUpdates()
  useFocusOnNewPage()
  useShortcuts({ '?': () => setKeysOpen(true) })

  return (
    <div className="flex h-dvh flex-col">
      <button
        type="button"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-control bg-tungsten px-4 py-3 text-on-tungsten focus:translate-y-0"
        onClick={() => document.getElementById('main')?.focus()}
      >
        Skip to the page
      </button>
      <header className="flex h-14 flex-none items-center gap-1 border-b border-line px-3 lg:h-12">
        <Link
          to="/studio"
          activeOptions={{ exact: true }}
          className="mr-2 inline-flex min-h-11 items-center gap-2 rounded-control px-2 font-semibold lg:min-h-9"
          aria-label="Backlot, studio"
        >
          <span className="text-tungsten-ink">
            <Mark size={20} />
          </span>
          Backlot
        </Link>
        <nav aria-label="Main" className="hidden items-center gap-1 sm:flex">
          <StudioLink />
          <Link to="/studio/credits" className={navClass}>
            Credits
          </Link>
          {isOperator ? (
            <Link to="/console" className={navClass}>
              Console
            </Link>
          ) : null}
        </nav>
        <div className="ml-auto flex items-center gap-1">
          <Balance />
          <IconButton
            label="Keys"
            className="max-lg:hidden"
            icon={<Keyboard size={18} aria-hidden="true" />}
            onClick={() => setKeysOpen(true)}
          />
          <AccountMenu email={me.user.email} isOperator={isOperator} onKeys={() => setKeysOpen(true)} />
        </div>
      </header>
      <div className="min-h-0 flex-1">
        <Outlet />
      </div>
      <Announcer />
      {keysOpen ? <KeyList onClose={() => setKeysOpen(false)} /> : null}
    </div>
  )
}

function StudioLink() {
  const { pathname } = useLocation()
  const here = pathname === '/studio' || pathname.startsWith('/studio/g/')
  return (
    <Link
      to="/studio"
      activeOptions={{ exact: true }}
      aria-current={here ? 'page' : undefined}
      className={navClass}
    >
      Studio
    </Link>
  )
}

function Balance() {
  const { data } = useQuery(creditsQuery)
  return (
    <Link
      to="/studio/credits"
      className="inline-flex min-h-11 min-w-24 items-center justify-end rounded-control px-2 text-small text-dim hover:text-ink lg:min-h-9"
    >
      {data ? (
        <span>
          <span className="numbers">{count(data.available)}</span>{' '}
          {data.available === 1 ? 'credit' : 'credits'}
        </span>
      ) : (
        'Credits'
      )}
    </Link>
  )
}

const itemClass =
  'flex min-h-11 w-full items-center gap-3 rounded-control px-3 text-left hover:bg-raised lg:min-h-10'

function AccountMenu({
  email,
  isOperator,
  onKeys,
}: {
  email: string
  isOperator: boolean
  onKeys: () => void
}) {
  const popover = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const close = () => popover.current?.hidePopover()

  const item = (icon: ReactNode, label: string, onPress: () => void) => (
    <li>
      <button
        type="button"
        className={itemClass}
        onClick={() => {
          close()
          onPress()
        }}
      >
        {icon}
        {label}
      </button>
    </li>
  )

  return (
    <>
      <IconButton
        label="Menu"
        aria-haspopup="true"
        popoverTarget="account-menu"
        icon={
          <>
            <Menu size={20} aria-hidden="true" className="lg:hidden" />
            <UserRound size={18} aria-hidden="true" className="hidden lg:block" />
          </>
        }
      />
      <div
        ref={popover}
        id="account-menu"
        popover="auto"
        className="fixed inset-auto top-14 right-2 m-0 w-72 rounded-media border border-line bg-panel p-2 text-ink lg:top-12"
      >
        <p className="truncate px-3 py-2 text-small text-dim">{email}</p>
        <ul>
          <li className="sm:hidden">
            <Link to="/studio" onClick={close} className={itemClass}>
              <Mark size={18} />
              Studio
            </Link>
          </li>
          <li className="sm:hidden">
            <Link to="/studio/credits" onClick={close} className={itemClass}>
              <Coins size={18} aria-hidden="true" />
              Credits
            </Link>
          </li>
          {isOperator ? (
            <li className="sm:hidden">
              <Link to="/console" onClick={close} className={itemClass}>
                <Wrench size={18} aria-hidden="true" />
                Console
              </Link>
            </li>
          ) : null}
          <li>
            <Link to="/studio/account" onClick={close} className={itemClass}>
              <UserRound size={18} aria-hidden="true" />
              Account
            </Link>
          </li>
          {item(<Keyboard size={18} aria-hidden="true" />, 'Keys', onKeys)}
        </ul>
        <div className="my-2 border-y border-line py-2">
          <ThemeChoice />
        </div>
        <ul>
          {item(<LogOut size={18} aria-hidden="true" />, 'Sign out', () => {
            void signOut(() => navigate({ to: '/sign-in' }))
          })}
        </ul>
      </div>
    </>
  )
}

/** A new page takes the focus, as a page load would; opening and closing the inspector is not a new page. */
function useFocusOnNewPage(): void {
  const { pathname } = useLocation()
  const page = pathname.startsWith('/studio/g/') ? '/studio' : pathname
  const before = useRef(page)
  useEffect(() => {
    if (before.current === page) return
    before.current = page
    document.getElementById('main')?.focus()
  }, [page])
}
