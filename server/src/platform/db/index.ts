export {
  type Database,
  isUniqueViolation,
  openDatabase,
  type Queryable,
  sqlState,
  type Transaction,
} from './database.ts'
export { type Migration, MigrationError, migrate, readMigrations } from './migrate.ts'
