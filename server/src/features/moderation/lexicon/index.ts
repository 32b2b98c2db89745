import { createHash } from 'node:crypto'
import { buildIndex, type Term } from '../term-index.ts'
import * as danger from './danger.ts'
import { harmless } from './harmless.ts'
import * as hate from './hate.ts'
import * as people from './people.ts'
import * as sexual from './sexual.ts'
import { type ByLanguage, termsOf } from './terms.ts'
import * as violence from './violence.ts'

export type Group =
  | 'artwork'
  | 'call_against_group'
  | 'dehumanising'
  | 'drugs'
  | 'explicit'
  | 'gore'
  | 'instructing'
  | 'intimate_abuse'
  | 'killing'
  | 'minor'
  | 'minor_explicit'
  | 'nudity'
  | 'person'
  | 'protected_name'
  | 'real_person'
  | 'self_harm'
  | 'sexualised'
  | 'slogans'
  | 'terror_groups'
  | 'terror_praise'
  | 'undressing'
  | 'weapons'

const ages = [...Array(18).keys()].slice(1)
const ageWords =
  'one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,sixteen,seventeen'.split(
    ',',
  )

/** Ages below eighteen, as they are written beside a person. */
const agesOfMinors: Term[] = [
  ...[...ages.map(String), ...ageWords].flatMap((age) => [
    `${age} year old*`,
    `${age} years old`,
    `${age} yr old*`,
    `${age} yo`,
    `aged ${age}`,
    `age ${age}`,
  ]),
  ...ages.flatMap((age) => [
    ...[
      `${age}yo`,
      `${age} jahre alt`,
      `${age} jahrig*`,
      `${age}jahrig*`,
      `${age} jaehrig*`,
      `${age}jaehrig*`,
    ],
    ...[
      `${age} ans`,
      `${age} =años`,
      `${age} anni`,
      `${age} anos`,
      `${age} letni*`,
      `${age} lat`,
      `${age} jaar`,
    ],
    ...[
      `${age} jarig*`,
      `${age} летн*`,
      `${age} лет`,
      `${age} года`,
      `${age} yasinda*`,
      `${age} سنة`,
      `${age} سنوات`,
    ],
    ...[`${age} عاما`, `${age} साल`, `${age} वर्षीय`],
  ]),
]

/** Calls against groups: every call of a language with every group of that language, in one breath. */
const callsAgainstGroups: Term[] = Object.entries(hate.calls).flatMap(([language, calls]) => {
  const groups = termsOf({ en: hate.groups[language as keyof ByLanguage] ?? '' })
  return termsOf({ en: calls }).flatMap((call) =>
    groups.flatMap((group) => [
      `${call} ${group}`,
      ...(language === 'en'
        ? [`${call} the ${group}`, `${call} all ${group}`, `${call} all the ${group}`]
        : []),
    ]),
  )
})

const groups: Readonly<Record<Exclude<Group, 'protected_name'>, readonly Term[]>> = {
  artwork: termsOf(sexual.artwork),
  call_against_group: callsAgainstGroups,
  dehumanising: termsOf(hate.dehumanising),
  drugs: termsOf(danger.drugs),
  explicit: termsOf(sexual.explicit),
  gore: termsOf(violence.gore),
  instructing: termsOf(danger.instructing),
  intimate_abuse: termsOf(sexual.intimateAbuse),
  killing: termsOf(violence.killing),
  minor: [...termsOf(people.minor), ...agesOfMinors],
  minor_explicit: termsOf(sexual.minorExplicit),
  nudity: termsOf(sexual.nudity),
  person: termsOf(people.person),
  real_person: termsOf(people.realPerson),
  self_harm: termsOf(violence.selfHarm),
  sexualised: termsOf(sexual.sexualised),
  slogans: termsOf(hate.slogans),
  terror_groups: termsOf(hate.terrorGroups),
  terror_praise: termsOf(hate.terrorPraise),
  undressing: termsOf(sexual.undressing),
  weapons: termsOf(danger.weapons),
}

export const lexicon = buildIndex<Group>({ ...groups, protected_name: [] })
export const harmlessPhrases = buildIndex<'harmless'>({ harmless: termsOf(harmless) })

/** Everything that is listed, for the tests that read the list itself. */
export const allTerms: readonly Term[] = [...Object.values(groups).flat(), ...termsOf(harmless)]

/** Date of the last review and a fingerprint of every term: two decisions with one version saw the same list. */
export const lexiconVersion = `2026-11-20.${createHash('sha256').update(JSON.stringify(groups)).update(JSON.stringify(harmless)).digest('hex').slice(0, 8)}`
