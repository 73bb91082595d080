import { z } from 'zod';

/** A name that may stand in paths and in names of jobs. @param what how an error calls it */
export const name = (what: string) =>
  z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]*$/,
      `${what} may hold lower-case letters, digits and "-" and begins with a letter or digit`,
    );

/** The name of an environment variable that holds a secret. @param what the secret, as an error calls it */
export const secretName = (what: string) =>
  z.string().regex(/^[A-Z][A-Z0-9_]*$/, `this is the name of an environment variable, never the ${what} itself`);

/** Parameters whose meaning is somebody else's business. */
export const json = z.record(z.string(), z.json());
