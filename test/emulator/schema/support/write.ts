import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../../house/root.js';
import { supportMatrix } from './matrix.js';

// Writes emulator/SUPPORT.md anew.
writeFileSync(join(root, 'emulator', 'SUPPORT.md'), supportMatrix());
