export { createSmtpTransport, type Mail, MailRefused, type MailTransport, type SmtpOptions } from './smtp.ts'
