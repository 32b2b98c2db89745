import { newId, type Page, type UnsentMail } from '@backlot/contract'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Transaction } from '../../platform/db/index.ts'
import { cutPage } from '../../platform/http/index.ts'
import type { Keyring } from '../../platform/keyring/index.ts'
import type { Logger } from '../../platform/log.ts'
import { type Mail, MailRefused, type MailTransport } from '../../platform/mail/index.ts'
import {
  claimDueMails,
  type DueMail,
  deleteMailsBefore,
  finishMail,
  insertMail,
  postponeMail,
  selectUnsentMails,
} from './mail-store.ts'
import { renderNotice, type TemplateName } from './templates.ts'

export interface NoticesOptions {
  readonly db: Database
  readonly keyring: Pick<Keyring, 'sealForDeployment' | 'openForDeployment'>
  readonly clock: Clock
  readonly log: Logger
  readonly serviceName: string
  /** null: no mail server is configured; links go to the log and to the operator's console. */
  readonly transport: MailTransport | null
  /** How long unsent mails are kept for the operator. */
  readonly keptDays: number
}

export interface Notice {
  readonly to: string
  readonly template: TemplateName
  readonly values: Readonly<Record<string, string>>
  readonly at: Date
}

export interface Notices {
  /** Whether mails are really sent. */
  readonly sendsMail: boolean
  /** Puts a notice on its way, in the caller's transaction: it goes out if and only if that commits. */
  queue(tx: Transaction, notice: Notice): Promise<void>
  /** Sends what is due, at most 50 mails. To be called every few seconds. @returns how many were tried */
  deliverDue(now: Date): Promise<number>
  /** Newest first: what nobody got. For the operator's eyes only. */
  listUnsent(query: { limit: number; after?: string | undefined }): Promise<Page<UnsentMail>>
  /** Deletes what is older than `keptDays`. */
  sweep(now: Date): Promise<number>
  close(): void
}

const attemptsMax = 8
const claimMax = 50
const leaseMs = 5 * 60_000
const dayMs = 86_400_000

const context = (id: string) => `mail:${id}`
/** 1, 2, 4 … minutes, at most four hours. */
const pauseMs = (attempts: number) => Math.min(60_000 * 2 ** (attempts - 1), 4 * 3_600_000)

export function createNotices(options: NoticesOptions): Notices {
  const { db, keyring, clock, log, transport } = options

  async function deliver(mail: DueMail, through: MailTransport): Promise<void> {
    const at = clock.now()
    try {
      await through.send(JSON.parse(keyring.openForDeployment(context(mail.id), mail.sealed)) as Mail)
      await finishMail(db, { id: mail.id, state: 'sent', fault: null, at })
    } catch (error) {
      const fault = error instanceof MailRefused ? error.message : 'the mail could not be sent'
      const permanent = error instanceof MailRefused && error.permanent
      if (permanent || mail.attempts >= attemptsMax) {
        await finishMail(db, { id: mail.id, state: 'failed', fault, at })
        log.warn({ mailId: mail.id, template: mail.template, fault }, 'a mail was given up')
        return
      }
      const nextAttemptAt = new Date(at.getTime() + pauseMs(mail.attempts))
      await postponeMail(db, { id: mail.id, fault, nextAttemptAt })
    }
  }

  return {
    sendsMail: transport !== null,

    async queue(tx, notice) {
      const id = newId('mal', notice.at.getTime())
      const { subject, text } = renderNotice(notice.template, options.serviceName, notice.values)
      const mail: Mail = { to: notice.to, subject, text }
      await insertMail(tx, {
        id,
        template: notice.template,
        sealed: keyring.sealForDeployment(context(id), JSON.stringify(mail)),
        state: transport ? 'queued' : 'unsent',
        at: notice.at,
      })
      const link = notice.values['link']
      if (!transport && link !== undefined) {
        // The one place where a link is logged: without a mail server, the operator's terminal is the mail.
        tx.afterCommit(() =>
          log.info(
            { mailId: id, template: notice.template, link },
            `no mail server is configured: ${subject}`,
          ),
        )
      }
    },

    async deliverDue(now) {
      if (!transport) return 0
      const due = await claimDueMails(db, { now, leaseMs, limit: claimMax })
      for (const mail of due) await deliver(mail, transport)
      return due.length
    },

    async listUnsent({ limit, after }) {
      const rows = await selectUnsentMails(db, { limit: limit + 1, after: after ?? null })
      const { shown, next } = cutPage(rows, limit, (row) => row.id)
      return {
        data: shown.map((row) => {
          const mail = JSON.parse(keyring.openForDeployment(context(row.id), row.sealed)) as Mail
          return {
            id: row.id,
            to: mail.to,
            subject: mail.subject,
            text: mail.text,
            at: row.created_at.toISOString(),
          }
        }),
        next,
      }
    },

    sweep: (now) => deleteMailsBefore(db, new Date(now.getTime() - options.keptDays * dayMs)),
    close: () => transport?.close(),
  }
}
