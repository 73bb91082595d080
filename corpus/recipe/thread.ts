import { workAsThread } from '../own-thread.js';
import { convertFile } from './convert-file.js';

// The thread's side of convertFileInThread.
await workAsThread(convertFile);
