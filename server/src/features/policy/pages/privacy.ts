import { implementation } from './implementation-facts.ts'
import { html } from './markup.ts'
import type { PolicyDocument } from './policy-document.ts'

// No digit stands in this file: numbers come from the profile, and a test holds it to that.
export const privacy: PolicyDocument = {
  title: 'Privacy',
  summary: (words) => html`
    <li>No advertising, no tracking, no analytics, no sale of data, no training with your content.</li>
    <li>What you write and make is encrypted with a key of your own account.</li>
    <li>Videos are kept <strong>${words.outputsKept}</strong>, uploads <strong>${words.uploadsKept}</strong>.</li>
    <li>The draft model draws on our own machines: nothing leaves them.</li>
    <li>Requests about your data are answered within <strong>${words.answerWithin}</strong>.</li>`,
  clauses: [
    {
      id: 'controller',
      title: 'Who is responsible',
      body: (words) => html`
        <p>${words.name} is run by ${words.operator}${words.address === null ? null : html`, ${words.address}`}, who is responsible for the personal data in it. Write to ${words.privacy}.</p>`,
    },
    {
      id: 'stored',
      title: 'What is stored, and why',
      body: (words) => html`
        <dl>
          <div><dt>Your account</dt><dd>E-mail address, the name you give, the confirmation that you are at least ${words.minimumAge}, the version of the terms you accepted, your password as a salted hash that cannot be turned back, passkeys and second factors if you set them up. To let you in, and nobody else.</dd></div>
          <div><dt>Your sessions</dt><dd>When and from which address and browser you signed in. So that you can see and end them, and to notice strangers.</dd></div>
          <div><dt>What you make</dt><dd>Descriptions, settings, uploads, results and their technical details. To make and show them to you.</dd></div>
          <div><dt>Credits</dt><dd>Every change of your balance, as a ledger that is added to and never rewritten. So that each charge can be explained.</dd></div>
          <div><dt>The generation log</dt><dd>For each generation: time, account, model, settings, price, fingerprint of the result and the outcome of the check, with your description sealed beside it. To be able to say later what was made here, and by which account.</dd></div>
          <div><dt>Refused descriptions</dt><dd>The description, the rule and the time. To correct wrong refusals and to notice abuse.</dd></div>
        </dl>
        <p>We do this to fulfil our contract with you, to keep the service safe, and where the law demands a record.</p>`,
    },
    {
      id: 'retention',
      title: 'How long',
      body: (words) => html`
        <table>
          <thead><tr><th scope="col">What</th><th scope="col">Kept</th></tr></thead>
          <tbody>
            <tr><td>Videos</td><td>${words.outputsKept}</td></tr>
            <tr><td>Uploads</td><td>${words.uploadsKept}</td></tr>
            <tr><td>Descriptions of generations that failed</td><td>for ${words.failedPrompts}</td></tr>
            <tr><td>Descriptions that were refused</td><td>for ${words.blockedPrompts}</td></tr>
            <tr><td>Descriptions in the generation log</td><td>for ${words.logPrompts}</td></tr>
            <tr><td>Descriptions in your library</td><td>until you delete the generation</td></tr>
            <tr><td>Account, ledger, and the log without descriptions</td><td>as long as the account exists, longer where the law demands it</td></tr>
            <tr><td>Technical server logs</td><td>for at most ${words.serverLogs}, as the operator states</td></tr>
            <tr><td>Backups</td><td>for at most ${words.backups}, as the operator states</td></tr>
          </tbody>
        </table>
        <p>You can delete any video, upload or generation earlier yourself. Deleting is final.</p>`,
    },
    {
      id: 'protection',
      title: 'How it is protected',
      body: () => html`
        <p>Descriptions, titles, file names, uploads and results are encrypted (${implementation.sealing}) with a key that belongs to your account alone, before they are written to the database (${implementation.database}) or to the disk. That key is itself locked by a key of the deployment that is kept outside the database. When an account is erased its key is destroyed, and with it every copy becomes unreadable, backups included.</p>
        <p>Work queues, events, measurements and logs carry ids, never what you wrote. Media are delivered through links that are signed and expire. No system is beyond all attack; if your data should be affected by one, we tell you.</p>`,
    },
    {
      id: 'providers',
      title: 'What goes to others',
      body: (words) => html`
        <p><strong>The draft model</strong> draws on our own machines. Nothing is sent to anybody.</p>
        <p><strong>Models of other companies</strong>, where we offer them: the description, the settings and the reference pictures of that one generation go to the company that the studio names beside the model, without your name, address or account. They may sit in another country. If you do not want that, choose another model.</p>
        <p><strong>Mail</strong> goes through a mail service that learns your address and the message. <strong>Signing in with another service</strong>, if you choose it, lets that service know that you do.</p>
        <p>Beyond that, data leaves ${words.name} only where a law obliges us. It is not sold.</p>`,
    },
    {
      id: 'content-credentials',
      title: 'What a downloaded file says about you',
      body: () => html`
        <p>Nothing that you did not write into it. The Content Credentials inside a video name this service, the model, the time and a random id; no name, no account, nothing of your description. A draft is a storyboard, and shows your description as the caption in its picture.</p>`,
    },
    {
      id: 'cookies',
      title: 'Cookies',
      body: () => html`
        <p>One cookie keeps you signed in. Your choice of a dark or light studio stays in your browser. There are no others, and nothing that follows you, so there is nothing to ask your consent for.</p>`,
    },
    {
      id: 'logs',
      title: 'Technical logs',
      body: (words) => html`
        <p>Servers note requests, durations and errors with ids, to find faults. Network addresses are used to slow down password guessing and stand in your list of sessions. The operator states that such logs are kept for at most ${words.serverLogs}.</p>`,
    },
    {
      id: 'automated',
      title: 'Decisions by programs',
      body: (words) => html`
        <p>A program checks each description against the <a href="/terms#acceptable-use">listed rules</a> and refuses those that match. That stops one request, never an account; suspensions are decided by people. You can ask for a person to look at any refusal: ${words.support}.</p>`,
    },
    {
      id: 'rights',
      title: 'Your rights',
      body: (words) => html`
        <p>You may ask what we hold about you and get a copy, have it corrected, erased, restricted or handed over in a common format, and object to its use. Write to ${words.privacy}. We answer within ${words.answerWithin}, free of charge, and ask for proof of identity only where there is real doubt.</p>
        <p>If you are not content with the answer you may complain to the data protection authority of the place where you live.</p>`,
    },
    {
      id: 'children',
      title: 'Children',
      body: (words) => html`
        <p>The service is not for people under ${words.minimumAge}. If you learn that a younger person has an account, tell us at ${words.privacy}; we close it and erase its data.</p>`,
    },
    {
      id: 'changes',
      title: 'Changes',
      body: (words) => html`
        <p>This page is made from the same settings that the program enforces, so it changes when they do. It belongs to the terms in their version <span class="figure">${words.termsVersion}</span>, in effect from ${words.effectiveOn}.</p>`,
    },
  ],
}
