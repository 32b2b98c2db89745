export { createKeyring, type Keyring } from './keyring.ts'
export { SealError } from './sealed-box.ts'
