import type { RedLineCategory } from '../policy/index.ts'
import type { Group } from './lexicon/index.ts'

/** A rule fires when every group of `all` occurs in the prompt and none of `unless`. */
export interface Rule {
  readonly id: string
  readonly category: RedLineCategory
  readonly all: readonly Group[]
  readonly unless?: readonly Group[]
}

/** In the order in which they are asked: the gravest first, so that it names the decision. */
export const rules: readonly Rule[] = [
  { id: 'minor.listed', category: 'sexual_minors', all: ['minor_explicit'] },
  { id: 'minor.explicit', category: 'sexual_minors', all: ['minor', 'explicit'] },
  { id: 'minor.nudity', category: 'sexual_minors', all: ['minor', 'nudity'], unless: ['artwork'] },
  { id: 'minor.sexualised', category: 'sexual_minors', all: ['minor', 'sexualised'] },
  { id: 'minor.undressing', category: 'sexual_minors', all: ['minor', 'undressing'] },
  { id: 'intimate.listed', category: 'intimate_imagery', all: ['intimate_abuse'] },
  { id: 'intimate.name_explicit', category: 'intimate_imagery', all: ['protected_name', 'explicit'] },
  { id: 'intimate.name_nudity', category: 'intimate_imagery', all: ['protected_name', 'nudity'] },
  { id: 'intimate.name_undressing', category: 'intimate_imagery', all: ['protected_name', 'undressing'] },
  { id: 'intimate.name_sexualised', category: 'intimate_imagery', all: ['protected_name', 'sexualised'] },
  { id: 'intimate.real_explicit', category: 'intimate_imagery', all: ['real_person', 'explicit'] },
  {
    id: 'intimate.real_nudity',
    category: 'intimate_imagery',
    all: ['real_person', 'nudity'],
    unless: ['artwork'],
  },
  { id: 'intimate.real_undressing', category: 'intimate_imagery', all: ['real_person', 'undressing'] },
  { id: 'sexual.explicit', category: 'sexual_explicit', all: ['explicit'] },
  { id: 'sexual.nudity', category: 'sexual_explicit', all: ['nudity', 'person'], unless: ['artwork'] },
  { id: 'violence.gore', category: 'graphic_violence', all: ['gore'] },
  { id: 'violence.killing', category: 'graphic_violence', all: ['killing', 'person'], unless: ['artwork'] },
  { id: 'hate.slogan', category: 'hate_extremism', all: ['slogans'] },
  { id: 'hate.call', category: 'hate_extremism', all: ['call_against_group'] },
  { id: 'hate.dehumanising', category: 'hate_extremism', all: ['dehumanising'] },
  { id: 'terror.praise', category: 'terrorism', all: ['terror_groups', 'terror_praise'] },
  { id: 'self_harm.listed', category: 'self_harm', all: ['self_harm'] },
  { id: 'danger.weapons', category: 'dangerous_instructions', all: ['instructing', 'weapons'] },
  { id: 'danger.drugs', category: 'dangerous_instructions', all: ['instructing', 'drugs'] },
]
