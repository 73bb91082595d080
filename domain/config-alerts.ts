import { z } from 'zod';

/** The section of the run config that says who is told, and how. */
export const alerts = z
  .strictObject({
    webhook: z
      .strictObject({
        url: z
          .url({ protocol: /^https?$/, error: 'alerts.webhook.url is an http or https address' })
          .refine((url) => !/^https?:\/\/[^/]*@/.test(url), 'an address with a name or password in it is refused')
          .describe(
            'Where messages are posted (docs/webhook.md). It stands in histories and logs: put no secret into it.',
          ),
        secretEnv: z
          .string()
          .regex(/^[A-Z][A-Z0-9_]*$/, 'this is the name of an environment variable, never the secret itself')
          .describe(
            'Name of the environment variable of the workers that holds the secret that messages are signed with: whsec_ and 24 to 64 random bytes in base64.',
          ),
      })
      .optional()
      .describe('Alerts, endings and calls for a person are posted there, signed; absent: nothing is posted.'),
  })
  .optional()
  .describe('Who is told of what a person should hear of.');
