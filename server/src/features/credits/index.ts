export { creditRoutes } from './credit-routes.ts'
export type { CostClass, ReturnCause } from './credit-rules.ts'
export {
  type Balance,
  type CreditEvents,
  type Credits,
  type CreditsOptions,
  createCredits,
  type Grant,
  type GrantRequest,
  type Settlement,
} from './credit-service.ts'
export type { LedgerCheck, LedgerViolation } from './credit-verify.ts'
