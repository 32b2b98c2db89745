import { Link, Outlet } from '@tanstack/react-router'

const linkClass =
  'inline-flex min-h-11 flex-none items-center rounded-control px-3 text-dim hover:text-ink data-[status=active]:bg-raised data-[status=active]:text-ink lg:min-h-9 lg:w-full'

/** The operator's rooms: a row of doors on a phone, a column on a desk. */
export function ConsoleLayout() {
  return (
    <div className="flex h-full flex-col lg:flex-row">
      <nav
        aria-label="Console"
        className="flex flex-none gap-1 overflow-x-auto border-b border-line px-3 py-1 lg:w-44 lg:flex-col lg:border-r lg:border-b-0 lg:p-3"
      >
        <Link to="/console" activeOptions={{ exact: true }} className={linkClass}>
          Overview
        </Link>
        <Link to="/console/accounts" className={linkClass}>
          Accounts
        </Link>
        <Link to="/console/models" className={linkClass}>
          Models
        </Link>
        <Link to="/console/people" className={linkClass}>
          People
        </Link>
      </nav>
      <div className="min-h-0 min-w-0 flex-1">
        <Outlet />
      </div>
    </div>
  )
}
