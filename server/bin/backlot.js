#!/usr/bin/env node
// Plain JavaScript that any Node can read: finds a Node that runs TypeScript and hands over to it.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import module from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(import.meta.url)

if (isEnough(process.versions.node)) {
  // Compiled code is kept for the next start, where only whoever may write the code may write.
  module.enableCompileCache(
    path.resolve(path.dirname(script), '..', '..', 'node_modules', '.cache', 'backlot'),
  )
  await import('../src/cli.ts')
} else {
  const node = packagedNode()
  if (node) handOver(node)
  else {
    process.stderr.write(
      `Backlot needs Node 22.18 or newer, and this is ${process.versions.node}; run npm ci without --omit=optional, which brings one along, or install a newer Node.\n`,
    )
    process.exitCode = 1
  }
}

/** @param {string} version */
function isEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 18)
}

/** The Node that came with `npm ci`, looked for up the tree; never this one, which would start itself for ever. */
function packagedNode() {
  const own = realpathSync(process.execPath)
  const system = process.platform === 'win32' ? 'win' : process.platform
  const names = [`node-${system}-${process.arch}`, `node-bin-${system}-${process.arch}`]
  for (let folder = path.dirname(script); ; folder = path.dirname(folder)) {
    for (const name of names) {
      const file = path.join(
        folder,
        'node_modules',
        name,
        'bin',
        process.platform === 'win32' ? 'node.exe' : 'node',
      )
      if (existsSync(file) && realpathSync(file) !== own) return file
    }
    if (folder === path.dirname(folder)) return undefined
  }
}

/** @param {string} node */
function handOver(node) {
  // The channel tells the child when we are gone, also by kill -9, so that it never stays behind.
  const child = spawn(node, [script, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`Backlot could not start ${node}: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    for (const each of signals) process.removeAllListeners(each)
    process.kill(process.pid, signal)
  })
}
