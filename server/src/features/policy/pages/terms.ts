import { implementation } from './implementation-facts.ts'
import { html } from './markup.ts'
import type { PolicyDocument } from './policy-document.ts'

// No digit stands in this file: numbers come from the profile, and a test holds it to that.
export const terms: PolicyDocument = {
  title: 'Terms',
  summary: (words) => html`
    <li>You must be at least <strong>${words.minimumAge}</strong> years old.</li>
    <li>You see the price before you generate, and it is the price you pay. What fails or is refused costs <strong>nothing</strong>.</li>
    <li>Videos are kept <strong>${words.outputsKept}</strong>. Download what you want to keep.</li>
    <li>What you make is yours to use; what the service refuses to make is listed below.</li>
    <li>Every video says, inside the file, that a machine made it.</li>`,
  clauses: [
    {
      id: 'who',
      title: 'Who runs this service',
      body: (words) => html`
        <p>${words.name} is run by ${words.operator}${words.address === null ? null : html`, ${words.address}`}. “We” means this operator; “you” means the person or company that uses the service.</p>
        <p>These are the terms in their version <span class="figure">${words.termsVersion}</span>, in effect from ${words.effectiveOn}. You accept them when you create an account. We keep a record of the version that you accepted.</p>`,
    },
    {
      id: 'what',
      title: 'What it does',
      body: (words) => html`
        <p>${words.name} makes videos from a description, and from pictures that you add. You choose a model, its settings and a length; the result appears in your library.</p>
        <p>The built-in model named <em>draft</em> draws a moving storyboard on our own machines. It is a sketch, not AI video, and it is marked so. Other models, where we offer them, are run by the companies that the studio names beside them.</p>
        <p>Results differ from what you imagine, and two results from one description differ from each other. Look at a result before you rely on it or publish it.</p>`,
    },
    {
      id: 'accounts',
      title: 'Accounts and age',
      body: (words) => html`
        <p>You must be at least ${words.minimumAge} years old, and older where your law asks for it. ${words.registration}</p>
        <p>Give a working e-mail address and keep your password and API keys to yourself. What is done with your account or keys counts as done by you until you tell us that they have leaked. You can end any session and withdraw any key at once.</p>
        <p>An account may run ${words.simultaneous} at the same time and have up to ${words.outstanding} waiting or running; the rest of a larger batch can be sent later.</p>`,
    },
    {
      id: 'credits',
      title: 'Credits, prices and refunds',
      body: (words) => html`
        <p>Generations are paid for with credits. ${
          words.hasFreeCredits
            ? html`Every account gets ${words.freeCredits} free each month; what is left of them ends with the month.`
            : html`There is no free monthly allowance here.`
        } Credits are not money: they cannot be paid out or passed on.</p>
        <p>The price of a generation stands on the button before you press it. That many credits are set aside when you start, and taken only when the result is delivered. A generation that fails, is refused by a rule or is canceled while it can still be stopped costs <strong>nothing</strong>: the credits set aside come back at once, by themselves.</p>
        <p>The draft model was introduced at ${words.draftPrice} per second of video. Prices may change; a change never touches a generation that has started. The credits page explains your balance line by line.</p>`,
    },
    {
      id: 'uploads',
      title: 'What you upload',
      body: (words) => html`
        <p>Pictures may have up to ${words.uploadSize} and ${words.uploadPixels}. Upload only what you may use: your own work, or work whose owner allows it, and pictures of people only with their consent.</p>
        <p>Uploads stay yours. We use them to make what you ask for, and for nothing else.</p>`,
    },
    {
      id: 'acceptable-use',
      title: 'What is not allowed',
      body: (words) => html`
        <p>You may not use the service to make, or try to make:</p>
        <ul>${words.redLines.map((line) => html`<li id="red-line-${line.category.replaceAll('_', '-')}">${line.words}</li>`)}</ul>
        <p>Nor may you deceive people with it about who said or did something, break the rights of others, disturb the service, or get around its limits and checks.</p>
        <p>Descriptions are checked by a program before anything is made. What it refuses is answered with the rule, costs nothing and is recorded. Programs err: if a refusal is wrong, write to ${words.support} and a person will look at it.</p>
        <p>To report something made here, write to ${words.abuse}.</p>`,
    },
    {
      id: 'rights',
      title: 'Who owns the results',
      body: (words) => html`
        <p>As far as the law gives rights in a result, they are yours; we claim none. You may use results of the draft model for any lawful purpose, also commercially. For models of other companies their terms apply as well; the studio names them.</p>
        <p>We do not train models with your descriptions, uploads or results, and do not let anybody else do so on our behalf. ${words.name} may show your results only where you share them yourself.</p>`,
    },
    {
      id: 'marking',
      title: 'How results are marked',
      body: () => html`
        <p>Every delivered video carries Content Credentials: a signed note inside the file that names this service, the model, the time and a random id. It holds no name, no account and nothing of your description. Leave it in place; where the law of your country demands a visible label too, adding it is up to you.</p>
        <p>The certificate that proves our signature is published at <a href="${implementation.credentialsRoot}">${implementation.credentialsRoot}</a>. We also keep a fingerprint (${implementation.fingerprint}) of each result.</p>`,
    },
    {
      id: 'retention',
      title: 'How long results are kept',
      body: (words) => html`
        <p>Videos are kept ${words.outputsKept}, uploads are kept ${words.uploadsKept}. The date stands on each tile. You can delete anything earlier, at once. After that it cannot be brought back, by us or by anybody.</p>`,
    },
    {
      id: 'suspension',
      title: 'Suspension and closing',
      body: (words) => html`
        <p>If an account breaks these terms we may refuse single requests, suspend the account or close it, as gently as the matter allows. We tell you what we did, on what ground, and whether a program or a person decided. You can object by writing to ${words.support}; a person who did not take the decision will look at it.</p>
        <p>You may stop at any time. To close your account and have its data erased, write to ${words.privacy}.</p>`,
    },
    {
      id: 'liability',
      title: 'What we answer for',
      body: () => html`
        <p>The service is offered with care and as it is. We do not promise that it is always available, that a result is accurate, or that nobody else has something similar. We answer without limit for intent, gross negligence and injury to people, and wherever the law says that we must; beyond that, only for damage that was to be expected from the breach of an essential duty. Rights that consumers have by law stay untouched.</p>`,
    },
    {
      id: 'changes',
      title: 'Changes and law',
      body: (words) => html`
        <p>When these terms change, the new version shows its own number and date on this page, and you are asked to accept it before it binds you. If you do not, you may close your account and download your work first.</p>
        <p>The law of ${words.law} applies, without taking away the protection of the country in which you live as a consumer.</p>`,
    },
    {
      id: 'contact',
      title: 'Contact',
      body: (words) => html`
        <p>Questions and support: ${words.support}<br>Privacy: ${words.privacy}<br>Reports of abuse: ${words.abuse}</p>`,
    },
  ],
}
