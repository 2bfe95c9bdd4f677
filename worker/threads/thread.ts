/** The script of a thread in a browser. */
import { serveThread, type ThreadStart } from './thread-loop.js';

onmessage = ({ data }: MessageEvent<ThreadStart>) => serveThread(data);
