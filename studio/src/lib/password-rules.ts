/** As the contract has it (`passwordCharactersMin`); importing it would pull the validator into the first load. */
export const passwordCharactersMin = 10

export const passwordHint = `At least ${passwordCharactersMin} characters. A few unrelated words are easy to keep.`
