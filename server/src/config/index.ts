export {
  type Config,
  ConfigError,
  type ConfigFault,
  isStartedByNpm,
  loadConfig,
  origin,
  parseMasterKey,
  type Role,
  readConfig,
  repositoryRoot,
  type Secrets,
  variableNames,
} from './config.ts'
export { type Environment, environment, groups, notes } from './environment.ts'
