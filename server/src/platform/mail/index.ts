export {
  createSmtpTransport,
  type Mail,
  MailRefused,
  type MailTransport,
  type SmtpOptions,
  smtpOptions,
} from './smtp.ts'
