import { createTransport } from 'nodemailer'
import { isLoopback } from '../loopback.ts'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface MailTransport {
  /** Hands the mail to the server. Rejects when it was not taken; `permanent` says that trying again is of no use. */
  send(mail: Mail): Promise<void>
  close(): void
}

export class MailRefused extends Error {
  override readonly name = 'MailRefused'
  readonly permanent: boolean
  constructor(message: string, permanent: boolean) {
    super(message)
    this.permanent = permanent
  }
}

export interface SmtpOptions {
  readonly host: string
  readonly port: number
  /** `implicit`: TLS from the first byte (465). `required`: STARTTLS or nothing. `none`: for a relay on this machine. */
  readonly tls: 'implicit' | 'required' | 'none'
  readonly user: string | null
  readonly password: string | null
  /** The sender, e.g. `Backlot <mail@example.com>`. */
  readonly from: string
}

/**
 * Reads `smtp://user:password@host:587` (STARTTLS, or nothing) and `smtps://…:465` (TLS from the first byte). Only a
 * relay on this machine may go without encryption.
 */
export function smtpOptions(url: string, from: string): SmtpOptions {
  const parsed = new URL(url)
  const isImplicit = parsed.protocol === 'smtps:'
  const isLocal = isLoopback(parsed.hostname)
  return {
    host: parsed.hostname,
    port: Number(parsed.port) || (isImplicit ? 465 : 587),
    tls: isImplicit ? 'implicit' : isLocal ? 'none' : 'required',
    user: parsed.username === '' ? null : decodeURIComponent(parsed.username),
    password: parsed.password === '' ? null : decodeURIComponent(parsed.password),
    from,
  }
}

const deadlineMs = 20_000

/** Sends through one mail server, with a deadline on every wait. */
export function createSmtpTransport(options: SmtpOptions): MailTransport {
  const transport = createTransport({
    host: options.host,
    port: options.port,
    secure: options.tls === 'implicit',
    requireTLS: options.tls === 'required',
    ignoreTLS: options.tls === 'none',
    ...(options.user === null ? {} : { auth: { user: options.user, pass: options.password ?? '' } }),
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    dnsTimeout: deadlineMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send(mail) {
      try {
        await transport.sendMail({ from: options.from, to: mail.to, subject: mail.subject, text: mail.text })
      } catch (error) {
        const code =
          typeof error === 'object' && error !== null && 'responseCode' in error ? error.responseCode : 0
        // 5xx is the server's last word. The text may name the address, so only the number is kept.
        const permanent = typeof code === 'number' && code >= 500
        throw new MailRefused(
          code ? `the mail server answered ${code}` : 'the mail server was not reached',
          permanent,
        )
      }
    },
    close: () => transport.close(),
  }
}
