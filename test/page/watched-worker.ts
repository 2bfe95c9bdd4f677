/** The real worker, with somebody beside it who tells the page what it does. */
import '../../worker/worker.js';
import './heartbeat.js';
