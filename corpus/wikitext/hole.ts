/**
 * Stands where something was taken out of the middle of a sentence, such as a formula, that the sentence cannot do
 * without: a sentence with a hole is left out. A private use character, removed from the input first.
 */
export const hole = '\uf8ff';
