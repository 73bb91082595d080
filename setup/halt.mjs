/** An expected failure: its message is the one sentence a person reads, and says what to do. */
export class Halt extends Error {}
