export { createTasks, type Task, type Tasks } from './tasks.ts'
export { createTicker, type Ticker } from './ticker.ts'
