/** What the parent sends to a child, once. */
export type ChildOrder<Job> = {
  type: 'job'
  job: Job
  parent: number
  folder: string
  memoryBytesMax: number
  outputBytesMax: number
  wallMsMax: number
}

/** What a child sends back. */
export type ChildMessage<Result, Progress> =
  | { type: 'progress'; progress: Progress }
  | { type: 'result'; value: Result }
  | { type: 'failure'; code: string; detail: string }
