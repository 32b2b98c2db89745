export { sweepCollects } from './collect.ts'
export { generationRoutes } from './generation-routes.ts'
export { createGenerations, type Generations } from './generation-service.ts'
export { type Lane, type Room, type Step, steps } from './room.ts'
export {
  selectEndedSince,
  selectLineStatistics,
  selectRecentFailures,
} from './statistics-store.ts'
export { forgetGenerations, sweepGenerations } from './sweep.ts'
export { createWaits, type Waits } from './waits.ts'
export { createWorker, type Worker } from './worker.ts'
