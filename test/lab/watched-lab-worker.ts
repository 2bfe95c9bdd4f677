/** The laboratory's real worker, with somebody beside it who tells the page what it does. */
import '../../lab/lab-worker.js';
import '../page/heartbeat.js';
