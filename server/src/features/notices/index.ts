export { noticeRoutes } from './notice-routes.ts'
export { createNotices, type Notice, type Notices, type NoticesOptions } from './notices.ts'
