/** The script of a thread in a browser. */
import { startThread, type ThreadStart } from './thread-start.js';

onmessage = ({ data }: MessageEvent<ThreadStart>) => startThread(data);
