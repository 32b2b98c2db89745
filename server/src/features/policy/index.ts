export { defaultProfilePath, loadProfile, ProfileError, parseProfile } from './load-profile.ts'
export type { Sample } from './pages/landing.ts'
export { notFoundPage, type PolicyPagesOptions, policyPages, wantsPage } from './pages/policy-pages.ts'
export {
  type Profile,
  placeholderFields,
  profileSchema,
  type RedLineCategory,
  redLineCategories,
} from './profile.ts'
