// The door of the room. Drawing happens in child processes only.
export { type AnimaticPlan, type AnimaticRequest, planAnimatic } from './animatic-plan.ts'
export { DraftInputError } from './draft-input.ts'
export {
  createDraftVideoModel,
  type DraftOperation,
  type DraftVideoModel,
  type DraftVideoModelOptions,
} from './draft-model.ts'
export { createDraftProvider, type DraftProvider } from './draft-provider.ts'
