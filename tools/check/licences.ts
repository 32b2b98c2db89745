/** Licences of dependencies that an Apache-2.0 program may rely on and pass on with its own. */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MIT/X11',
  'PostgreSQL',
  'Unlicense',
  'Zlib',
  // Fonts.
  'OFL-1.1',
  // Copyleft by file: used as it is, never changed.
  'MPL-2.0',
])

export interface LicenceException {
  name: RegExp
  /** What it really is, whatever its field says. */
  licence: string
  reason: string
}

/** Read by a person, one by one. Whoever adds a line has read the package's licence text. */
export const exceptions: readonly LicenceException[] = [
  {
    name: /^@img\/sharp-(libvips|win32|wasm32|webcontainers|freebsd)/,
    licence: 'LGPL-3.0-or-later',
    reason: 'libvips, as a shared library that the operator may replace',
  },
  {
    name: /^(node-av|@seydx\/node-av-.*)$/,
    licence: 'GPL-3.0-or-later',
    reason:
      'the field says MIT, but the addon holds FFmpeg built with GPL parts; it is loaded by media children only, never by the server, and FFMPEG_PATH replaces it',
  },
  {
    name: /^@contentauth\/c2pa-types$/,
    licence: 'MIT',
    reason: 'no field; its LICENSE file is the MIT licence',
  },
  {
    name: /^@shinyoshiaki\/jspack$/,
    licence: 'BSD-3-Clause',
    reason: 'no field; its LICENSE file is the three-clause BSD licence',
  },
  {
    name: /^buffers$/,
    licence: 'none stated',
    reason:
      'no licence anywhere in the package; reached only by an install script of @contentauth/c2pa-node, which never runs here (ignore-scripts)',
  },
]

/**
 * Whether an SPDX expression can be satisfied by permissive licences alone: every side of an AND, one side of an OR.
 */
export function isPermissive(expression: string): boolean {
  const bare = expression.trim().replace(/^\((.*)\)$/, '$1')
  return bare
    .split(/\s+OR\s+/)
    .some((choice) =>
      choice.split(/\s+AND\s+/).every((part) => permissive.has(part.replace(/[()]/g, '').trim())),
    )
}

export interface PackageLicence {
  name: string
  version: string
  /** As the package states it; `null` where it states none. */
  stated: string | null
}

/** One line of the table: what applies, and why when that differs from the plain case. */
export interface LicenceVerdict extends PackageLicence {
  licence: string
  reason: string | null
  isAccepted: boolean
}

export function judgeLicence(each: PackageLicence): LicenceVerdict {
  const exception = exceptions.find((candidate) => candidate.name.test(each.name))
  if (exception) return { ...each, licence: exception.licence, reason: exception.reason, isAccepted: true }
  const licence = each.stated ?? 'none stated'
  return { ...each, licence, reason: null, isAccepted: each.stated !== null && isPermissive(each.stated) }
}
