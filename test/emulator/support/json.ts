/** A body off the wire: tests read it field by field, in every shape that a service answers. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of every shape, read field by field
export type Json = any;
