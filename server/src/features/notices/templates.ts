export interface NoticeText {
  readonly subject: string
  readonly text: string
}

type Values = Readonly<Record<string, string>>

const signature = (service: string) => `\n\n${service}`
const notYou =
  'If that was not you, somebody may know your password: set a new one at once and end all sessions.'

/** UTC, to the minute, as people write it. */
function moment(iso: string | undefined): string {
  return `${(iso ?? '').slice(0, 16).replace('T', ' ')} UTC`
}

const templates = {
  verify_email: (service: string, values: Values): NoticeText => ({
    subject: `Verify your e-mail address for ${service}`,
    text: `Open this link to show that the address is yours. It works once, for 24 hours.\n\n${values['link']}\n\nIf you did not make an account, do nothing.`,
  }),
  reset_password: (service: string, values: Values): NoticeText => ({
    subject: `Set a new password for ${service}`,
    text: `Open this link to set a new password. It works once, for one hour.\n\n${values['link']}\n\nIf you did not ask for it, do nothing: your password stays as it is.`,
  }),
  password_changed: (service: string, values: Values): NoticeText => ({
    subject: `Your password for ${service} was changed`,
    text: `Your password was changed on ${moment(values['at'])}, and all other sessions were ended.\n\nIf that was not you, reset your password at once from the sign-in page.`,
  }),
  new_device: (service: string, values: Values): NoticeText => ({
    subject: `New sign-in to ${service}`,
    text: `Somebody signed in to your account with a device that was not used before.\n\nDevice: ${values['device']}\nAddress: ${values['address']}\nTime: ${moment(values['at'])}\n\n${notYou}`,
  }),
  invitation: (service: string, values: Values): NoticeText => ({
    subject: `You are invited to ${service}`,
    text: `Open this link to make your account. It works once, for 14 days.\n\n${values['link']}`,
  }),
} as const

export type TemplateName = keyof typeof templates

/** The words of a notice. Plain text only: nothing to load, nothing to hide behind. */
export function renderNotice(name: TemplateName, service: string, values: Values): NoticeText {
  const { subject, text } = templates[name](service, values)
  return { subject, text: `${text}${signature(service)}\n` }
}
