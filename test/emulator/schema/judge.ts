import { READ_AS } from '../../../emulator/versions/overlay.js';
import { unknownToModels } from './members.js';
import type { Problem } from './problems.js';
import { VERSION } from './swagger/documents.js';
import { validate, type Judged } from './validate.js';

/**
 * Holds an exchange against what is known of its api-version: the Swagger where that is the version of the Swagger (or read
 * as it) or the data plane, the models of azure-ai-ml otherwise.
 *
 * @param version null on the data plane
 */
export function judge(judged: Judged, version: string | null): Problem[] {
  const isOfSchema = version === null || version === VERSION || READ_AS[version] === VERSION;
  return isOfSchema ? validate(judged) : unknownToModels(judged, version);
}
