/** A place to write: the element does it all. */
import '../components/complete/define.js';
