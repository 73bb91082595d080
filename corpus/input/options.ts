import { z } from 'zod';

/** How the input is read; all of it can be told from the content, in most cases. */
export const InputOptionsSchema = z.strictObject({
  format: z
    .enum(['auto', 'xml', 'jsonl', 'text'])
    .default('auto')
    .describe(
      'Wikipedia dump, JSON lines, or plain text with blank lines between documents; `auto` goes by the content.',
    ),
  encoding: z
    .enum(['auto', 'utf-8', 'utf-16le', 'utf-16be'])
    .default('auto')
    .describe('Has to be said for UTF-16 without byte order mark and declaration only.'),
  textField: z.string().min(1).default('text').describe('JSON lines: the field that holds the text.'),
  titleField: z.string().min(1).default('title').describe('JSON lines: the field that holds a title, if there is one.'),
  idField: z
    .string()
    .default('')
    .describe('JSON lines: the field of a whole number that names the document; if empty a hash of its text does.'),
  onDamage: z
    .enum(['fail', 'skip'])
    .default('fail')
    .describe('What is damaged or cut off ends the preparation, or is left out, counted and reported.'),
});

export type InputOptions = z.output<typeof InputOptionsSchema>;
