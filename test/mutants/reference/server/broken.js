/**
 * Whether the server is to break the contract in this one way. Every mutant of ../mutants.js is one
 * call of this function, at the line where a real server could make the mistake.
 *
 * @param {string} mutant
 */
export function broken(mutant) {
  return process.env.RUNTIME_KIT_MUTANT === mutant;
}
