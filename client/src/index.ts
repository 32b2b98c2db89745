export { type Backlot, type BacklotOptions, createBacklot, type WaitOptions } from './backlot.ts'
export { BacklotError } from './error.ts'
