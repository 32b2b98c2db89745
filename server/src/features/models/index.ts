export { catalogue, type ModelDefinition, type Offer } from './catalogue.ts'
export { modelRoutes } from './model-routes.ts'
export { type BoundQuote, createModels, type Models } from './model-service.ts'
export { creditsForDelivered } from './quote.ts'
