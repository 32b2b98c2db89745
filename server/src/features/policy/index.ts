export { defaultProfilePath, loadProfile, ProfileError, parseProfile } from './load-profile.ts'
export {
  type Profile,
  placeholderFields,
  profileSchema,
  type RedLineCategory,
  redLineCategories,
} from './profile.ts'
